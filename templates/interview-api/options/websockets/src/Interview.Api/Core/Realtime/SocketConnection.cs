using System.Buffers;
using System.Net.WebSockets;
using System.Security.Claims;
using System.Threading.Channels;

namespace InterviewApi.Core.Realtime;

/// <summary>
/// One client. Others queue messages for it and never wait; only its own loop writes to the socket. A full queue, or a
/// message that breaks a limit, closes the connection: the close frame is sent, and a peer that has not answered it
/// after five seconds is cut off.
/// </summary>
public sealed partial class SocketConnection : IDisposable
{
    private const int MinFragments = 128;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly WebSocket _socket;
    private readonly RealtimeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SocketConnection> _logger;
    private readonly Channel<ReadOnlyMemory<byte>> _queue;
    private readonly CancellationTokenSource _abort;
    private readonly Lock _closeLock = new();
    private volatile bool _isClosing;
    private WebSocketCloseStatus _closeStatus;
    private string _closeReason = "";
    private byte[] _buffer = [];
    private int _length;
    private long _lastMessageAt;
    private double _tokens;

    public SocketConnection(
        WebSocket socket,
        ClaimsPrincipal principal,
        RealtimeOptions options,
        TimeProvider time,
        ILogger<SocketConnection> logger,
        CancellationToken cancellationToken)
    {
        (_socket, Principal, _options, _time, _logger) = (socket, principal, options, time, logger);
        _queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(
            new BoundedChannelOptions(options.QueueLength) { SingleReader = true });
        _abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        (_lastMessageAt, _tokens) = (time.GetTimestamp(), 2.0 * options.MessagesPerSecond);
    }

    /// <value>Given by the server.</value>
    public string Id { get; } = Guid.CreateVersion7().ToString("N");

    /// <value>The caller of the handshake.</value>
    public ClaimsPrincipal Principal { get; }

    /// <value>The name that other clients see.</value>
    public string Sender => Principal.Identity?.Name ?? Id;

    /// <value>The subscriptions. Only <see cref="ConnectionManager"/> changes them.</value>
    public HashSet<string> Channels { get; } = new(StringComparer.Ordinal);

    public bool IsClosing => _isClosing;

    /// <value>The time since the last message of the client.</value>
    public TimeSpan Silence => _time.GetElapsedTime(Interlocked.Read(ref _lastMessageAt));

    /// <summary>Queues a message. Never waits.</summary>
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
        // The last call comes from RunAsync. It waits here for the first, which another thread may not have finished,
        // because the connection is disposed after it.
        lock (_closeLock)
        {
            if (_isClosing)
            {
                return;
            }

            (_closeStatus, _closeReason, _isClosing) = (status, reason, true);
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

    /// <summary>Reads the next message into the buffer, which is rented while a message arrives: an idle connection has none.</summary>
    /// <returns>False if the peer has closed.</returns>
    private async Task<bool> ReadAsync()
    {
        ReturnBuffer();
        for (var fragments = 0; ; fragments++)
        {
            // The first read is empty, so that waiting needs no buffer.
            var result = await _socket.ReceiveAsync(_buffer.AsMemory(_length), _abort.Token);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return false;
            }

            _length += result.Count;
            CheckLimits(result, fragments);
            if (_isClosing)
            {
                // What the peer sends before its close frame is dropped: unread, it would break the connection before the
                // peer has read ours.
                _length = 0;
            }
            else if (result.EndOfMessage)
            {
                return true;
            }

            if (_buffer.Length == 0)
            {
                _buffer = ArrayPool<byte>.Shared.Rent(_options.MaxMessageBytes + 1);
            }
        }
    }

    private void CheckLimits(ValueWebSocketReceiveResult result, int fragments)
    {
        if (_isClosing)
        {
            return;
        }

        if (result.MessageType == WebSocketMessageType.Binary)
        {
            Close(WebSocketCloseStatus.InvalidMessageType, "text only");
        }
        else if (_length > _options.MaxMessageBytes)
        {
            Close(WebSocketCloseStatus.MessageTooBig, "message too big");
        }
        else if (fragments > Math.Max(MinFragments, _options.MaxMessageBytes / 1024))
        {
            // A reasonable client sends at least a kilobyte in each.
            Close(WebSocketCloseStatus.PolicyViolation, "too many fragments");
        }
        else if (result.EndOfMessage && !TryTakeToken())
        {
            Close(WebSocketCloseStatus.PolicyViolation, "too many messages");
        }
    }

    // A token bucket: it holds what two seconds allow, and fills continuously.
    private bool TryTakeToken()
    {
        var now = _time.GetTimestamp();
        var gained = _time.GetElapsedTime(_lastMessageAt, now).TotalSeconds * _options.MessagesPerSecond;
        _tokens = Math.Min(2.0 * _options.MessagesPerSecond, _tokens + gained);
        Interlocked.Exchange(ref _lastMessageAt, now);
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

                await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, _abort.Token);
            }

            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(_closeStatus, _closeReason, _abort.Token);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            _socket.Abort();
        }
    }

    [LoggerMessage(LogLevel.Debug, "Connection {Id} is closing: {Status} {Reason}")]
    private partial void LogClosing(string id, int status, string reason);
}
