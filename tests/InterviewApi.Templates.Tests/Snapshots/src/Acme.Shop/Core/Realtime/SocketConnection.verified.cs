using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net.WebSockets;
using System.Security.Claims;
using System.Threading.Channels;

namespace Acme.Shop.Core.Realtime;

/// <summary>The connection of one client. Senders queue messages and never wait; only its own loop writes to the socket.</summary>
// A full queue, or a message that exceeds a limit, closes the connection with a close frame. A peer that does not answer
// it within five seconds is disconnected.
public sealed class SocketConnection(
    WebSocket socket, ClaimsPrincipal principal, RealtimeOptions options, TimeProvider time,
    ILogger<SocketConnection> logger, CancellationToken cancellationToken) : IDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private static readonly UpDownCounter<int> Open = Telemetry.Meter.CreateUpDownCounter<int>(
        "websocket.connections", "{connection}", "Open WebSocket connections.");

    private static readonly Counter<long> Messages = Telemetry.Meter.CreateCounter<long>(
        "websocket.messages", "{message}", "WebSocket messages, by direction.");

    private static readonly KeyValuePair<string, object?> Received = new("network.io.direction", "receive");
    private static readonly KeyValuePair<string, object?> Sent = new("network.io.direction", "transmit");

    private readonly CancellationTokenSource _abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly Lock _closeLock = new();
    private readonly Channel<ReadOnlyMemory<byte>> _queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(options.QueueLength) { SingleReader = true });

    private volatile CloseReason? _closing;
    private byte[] _buffer = [];
    private int _length;
    private long _lastMessageAt = time.GetTimestamp();
    private double _tokens = 2.0 * options.MessagesPerSecond;

    public string Id { get; } = Guid.CreateVersion7().ToString("N");

    /// <value>The user that opened the connection.</value>
    public ClaimsPrincipal Principal => principal;

    /// <value>The name that other clients see.</value>
    public string Sender => principal.Identity?.Name ?? Id;

    /// <value>The subscriptions. Only <see cref="ConnectionManager"/> changes them.</value>
    public HashSet<string> Channels { get; } = new(StringComparer.Ordinal);

    public bool IsClosing => _closing is not null;

    /// <value>The time since the client's last message.</value>
    public TimeSpan Silence => time.GetElapsedTime(Interlocked.Read(ref _lastMessageAt));

    public void Send(ReadOnlyMemory<byte> message)
    {
        if (!_queue.Writer.TryWrite(message))
        {
            Close(WebSocketCloseStatus.PolicyViolation, "slow consumer");
        }
    }

    /// <summary>Starts to close. The first reason counts; queued messages are dropped.</summary>
    public void Close(WebSocketCloseStatus status, string reason)
    {
        // RunAsync makes the last call, before the connection is disposed, and waits here for the first one.
        lock (_closeLock)
        {
            if (IsClosing)
            {
                return;
            }

            _closing = new CloseReason(status, reason);
            _queue.Writer.TryComplete();
            _abort.CancelAfter(CloseTimeout);
        }

        logger.LogDebug("Connection {Id} is closing: {Status} {Reason}", Id, (int)status, reason);
    }

    /// <summary>Exchanges messages until both sides have closed, or the connection is lost.</summary>
    public async Task RunAsync(Action<SocketConnection, ReadOnlySpan<byte>> handle)
    {
        Open.Add(1);
        var writing = WriteAsync();
        try
        {
            await ReadAsync(handle);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The peer disconnected, or violated the protocol and has been sent a close frame by the socket.
        }
        finally
        {
            ReturnBuffer();
            Close(WebSocketCloseStatus.NormalClosure, "");
            await writing;
            Open.Add(-1);
        }
    }

    public void Dispose() => _abort.Dispose();

    private async Task ReadAsync(Action<SocketConnection, ReadOnlySpan<byte>> handle)
    {
        var fragments = 0;
        while (true)
        {
            // The first read of a message is zero-byte, so that an idle connection needs no buffer.
            var result = await socket.ReceiveAsync(_buffer.AsMemory(_length), _abort.Token);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            _length += result.Count;
            if (!IsClosing && FindViolation(result, fragments++) is { } violation)
            {
                Close(violation.Status, violation.Reason);
            }

            if (IsClosing)
            {
                // Discard it: with unread data, the peer might lose the connection before it reads the close frame.
                _length = 0;
            }
            else if (result.EndOfMessage)
            {
                Messages.Add(1, Received);
                handle(this, _buffer.AsSpan(0, _length));
                ReturnBuffer();
                fragments = 0;
                continue;
            }

            if (_buffer.Length == 0)
            {
                _buffer = ArrayPool<byte>.Shared.Rent(options.MaxMessageBytes + 1);
            }
        }
    }

    // A reasonable client sends at least a kilobyte in each fragment.
    private CloseReason? FindViolation(ValueWebSocketReceiveResult result, int fragments) => result switch
    {
        { MessageType: WebSocketMessageType.Binary } => new(WebSocketCloseStatus.InvalidMessageType, "text only"),
        _ when _length > options.MaxMessageBytes => new(WebSocketCloseStatus.MessageTooBig, "message too big"),
        _ when fragments > Math.Max(128, options.MaxMessageBytes / 1024) => new(WebSocketCloseStatus.PolicyViolation, "too many fragments"),
        { EndOfMessage: true } when !TryTakeToken() => new(WebSocketCloseStatus.PolicyViolation, "too many messages"),
        _ => null,
    };

    // A token bucket that holds the tokens of two seconds and refills continuously.
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

        _buffer = [];
        _length = 0;
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var message in _queue.Reader.ReadAllAsync(_abort.Token).TakeWhile(_ => !IsClosing))
            {
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, _abort.Token);
                Messages.Add(1, Sent);
            }

            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(_closing!.Status, _closing.Reason, _abort.Token);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            socket.Abort();
        }
    }

    private sealed record CloseReason(WebSocketCloseStatus Status, string Reason);
}
