using System.Buffers;
using System.Net.WebSockets;
using System.Security.Claims;
using System.Threading.Channels;

namespace Acme.Shop.Core.Realtime;

/// <summary>
/// One client. Others queue messages for it and never wait; only its own loop writes to the socket. A full queue, or a
/// message that breaks a limit, closes the connection: the close frame is sent, and a peer that has not answered it
/// after five seconds is cut off.
/// </summary>
public sealed partial class SocketConnection(
    WebSocket socket,
    ClaimsPrincipal principal,
    RealtimeOptions options,
    TimeProvider time,
    ILogger<SocketConnection> logger,
    CancellationToken cancellationToken) : IDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly Lock _closeLock = new();
    private readonly Channel<ReadOnlyMemory<byte>> _queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(options.QueueLength) { SingleReader = true });

    private volatile bool _isClosing;
    private (WebSocketCloseStatus Status, string Reason) _closing;
    private byte[] _buffer = [];
    private int _length;
    private long _lastMessageAt = time.GetTimestamp();
    private double _tokens = 2.0 * options.MessagesPerSecond;

    public string Id { get; } = Guid.CreateVersion7().ToString("N");

    /// <value>The caller of the handshake.</value>
    public ClaimsPrincipal Principal => principal;

    /// <value>The name that other clients see.</value>
    public string Sender => principal.Identity?.Name ?? Id;

    /// <value>The subscriptions. Only <see cref="ConnectionManager"/> changes them.</value>
    public HashSet<string> Channels { get; } = new(StringComparer.Ordinal);

    public bool IsClosing => _isClosing;

    /// <value>The time since the last message of the client.</value>
    public TimeSpan Silence => time.GetElapsedTime(Interlocked.Read(ref _lastMessageAt));

    public void Send(ReadOnlyMemory<byte> message)
    {
        if (!_queue.Writer.TryWrite(message))
        {
            Close(WebSocketCloseStatus.PolicyViolation, "slow consumer");
        }
    }

    /// <summary>Begins to close. The first reason counts; messages that still wait are dropped.</summary>
    public void Close(WebSocketCloseStatus status, string reason)
    {
        // The last call comes from RunAsync, and the connection is disposed after it: it waits for the first one here.
        lock (_closeLock)
        {
            if (_isClosing)
            {
                return;
            }

            (_closing, _isClosing) = ((status, reason), true);
            _queue.Writer.TryComplete();
            _abort.CancelAfter(CloseTimeout);
        }

        LogClosing(Id, (int)status, reason);
    }

    /// <summary>Exchanges messages until both sides have closed, or the connection is lost.</summary>
    public async Task RunAsync(Action<SocketConnection, ReadOnlySpan<byte>> handle)
    {
        var writing = WriteAsync();
        try
        {
            while (await ReadAsync())
            {
                handle(this, _buffer.AsSpan(0, _length));
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The peer is gone, or it broke the protocol; then the socket has sent the close frame for that.
        }
        finally
        {
            ReturnBuffer();
            Close(WebSocketCloseStatus.NormalClosure, "");
            await writing;
        }
    }

    public void Dispose() => _abort.Dispose();

    /// <returns>False if the peer has closed; otherwise the next message is in the buffer.</returns>
    private async Task<bool> ReadAsync()
    {
        ReturnBuffer();
        for (var fragments = 0; ; fragments++)
        {
            // The first read is empty, so that an idle connection needs no buffer.
            var result = await socket.ReceiveAsync(_buffer.AsMemory(_length), _abort.Token);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return false;
            }

            _length += result.Count;
            if (!_isClosing && FindViolation(result, fragments) is var (status, reason))
            {
                Close(status, reason);
            }

            if (_isClosing)
            {
                // Dropped: if it stayed unread, the peer might lose the connection before it has read the close frame.
                _length = 0;
            }
            else if (result.EndOfMessage)
            {
                return true;
            }

            if (_buffer.Length == 0)
            {
                _buffer = ArrayPool<byte>.Shared.Rent(options.MaxMessageBytes + 1);
            }
        }
    }

    // A reasonable client sends at least a kilobyte in each fragment.
    private (WebSocketCloseStatus Status, string Reason)? FindViolation(ValueWebSocketReceiveResult result, int fragments) =>
        result switch
        {
            { MessageType: WebSocketMessageType.Binary } => (WebSocketCloseStatus.InvalidMessageType, "text only"),
            _ when _length > options.MaxMessageBytes => (WebSocketCloseStatus.MessageTooBig, "message too big"),
            _ when fragments > Math.Max(128, options.MaxMessageBytes / 1024) =>
                (WebSocketCloseStatus.PolicyViolation, "too many fragments"),
            { EndOfMessage: true } when !TryTakeToken() => (WebSocketCloseStatus.PolicyViolation, "too many messages"),
            _ => null,
        };

    // A token bucket: it holds what two seconds allow, and fills continuously.
    private bool TryTakeToken()
    {
        var gained = Silence.TotalSeconds * options.MessagesPerSecond;
        _tokens = Math.Min(2.0 * options.MessagesPerSecond, _tokens + gained);
        Interlocked.Exchange(ref _lastMessageAt, time.GetTimestamp());
        return _tokens-- >= 1;
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        (_buffer, _length) = ([], 0);
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var message in _queue.Reader.ReadAllAsync(_abort.Token))
            {
                if (_isClosing)
                {
                    break;
                }

                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, _abort.Token);
            }

            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(_closing.Status, _closing.Reason, _abort.Token);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            socket.Abort();
        }
    }

    [LoggerMessage(LogLevel.Debug, "Connection {Id} is closing: {Status} {Reason}")]
    private partial void LogClosing(string id, int status, string reason);
}
