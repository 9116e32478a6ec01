namespace Acme.Shop.Core.Files;

/// <summary>A file that is being received. Disposing deletes it, unless it was kept before.</summary>
public sealed class TemporaryFile : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string _id = Guid.CreateVersion7().ToString("N");
    private readonly FileStream _stream;

    public TemporaryFile(string folder)
    {
        _folder = folder;
        _stream = new FileStream(
            TemporaryPath, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
    }

    private string TemporaryPath => Path.Combine(_folder, _id + ".part");

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _stream.WriteAsync(bytes, cancellationToken);

    /// <summary>Closes the file and moves it to its place in one step.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> KeepAsync(string extension)
    {
        await _stream.DisposeAsync();
        var name = _id + extension;
        File.Move(TemporaryPath, Path.Combine(_folder, name));
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        File.Delete(TemporaryPath);
    }
}
