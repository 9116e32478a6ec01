namespace Acme.Shop.Core.Files;

/// <summary>A remote file that is requested when it is first read, from the position that was sought.</summary>
public sealed class RemoteStream(long length, Func<long, CancellationToken, Task<Stream>> open) : Stream
{
    private Stream? _content;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        _content?.Dispose();
        _content = null;
        return _position = offset + (origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _position, _ => length });
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var isEnd = _position >= length;
        var read = isEnd ? 0 : await (_content ??= await open(_position, cancellationToken)).ReadAsync(buffer, cancellationToken);
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush() => _content?.Flush();

    protected override void Dispose(bool disposing)
    {
        _content?.Dispose();
        base.Dispose(disposing);
    }
}
