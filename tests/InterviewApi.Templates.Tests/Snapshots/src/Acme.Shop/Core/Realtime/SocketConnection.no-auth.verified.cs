using System.Net.WebSockets;
using System.Threading.Channels;

namespace Acme.Shop.Core.Realtime;

/// <summary>
/// One client. Others put messages in its queue and never wait for it; only its own loop writes to the socket. A queue
/// that is full closes the connection. Whoever wants it closed says so with <see cref="Close"/>: the close frame goes
/// out, and a peer that has not answered after five seconds is cut off.
/// </summary>
public sealed partial class SocketConnection : IDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly WebSocket _socket;
    private readonly TimeProvider _time;
    private readonly ILogger<SocketConnection> _logger;
    private readonly Channel<ReadOnlyMemory<byte>> _queue;
    private readonly CancellationTokenSource _cut;
    private readonly Lock _closeLock = new();
    private CloseReason? _closing;
    private long _lastMessageAt;

    public SocketConnection(
        WebSocket socket,
        int queueLength,
        TimeProvider time,
        ILogger<SocketConnection> logger,
        CancellationToken cancellationToken)
    {
        _socket = socket;
        _time = time;
        _logger = logger;
        _queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(queueLength) { SingleReader = true });
        _cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Sender = Id;
        Touch();
    }

    /// <value>Given by the server.</value>
    public string Id { get; } = Guid.CreateVersion7().ToString("N");

    /// <value>Who the client is to the others.</value>
    public string Sender { get; set; }

    /// <value>What the client has subscribed to. Only <see cref="ConnectionHub"/> changes it.</value>
    public HashSet<string> Channels { get; } = new(StringComparer.Ordinal);

    public bool IsClosing => Volatile.Read(ref _closing) is not null;

    /// <value>How long the client has sent no message.</value>
    public TimeSpan Silence => _time.GetUtcNow() - new DateTimeOffset(Interlocked.Read(ref _lastMessageAt), TimeSpan.Zero);

    /// <summary>Queues a message. Never waits.</summary>
    public void Send(ReadOnlyMemory<byte> message)
    {
        if (!_queue.Writer.TryWrite(message))
        {
            Close(CloseReason.SlowConsumer);
        }
    }

    /// <summary>Begins to close. The first reason counts; messages that still wait are dropped.</summary>
    public void Close(CloseReason reason)
    {
        // The last call comes from the loop below. It waits here for the first, which another thread may not have
        // finished, because the connection is disposed after it.
        lock (_closeLock)
        {
            if (IsClosing)
            {
                return;
            }

            Volatile.Write(ref _closing, reason);
            _queue.Writer.TryComplete();
            _cut.CancelAfter(CloseTimeout);
        }

        LogClosing(Id, (int)reason.Status, reason.Description);
    }

    /// <summary>Exchanges messages until both sides have closed, or the connection is lost.</summary>
    public async Task RunAsync(MessageReader reader, Action<SocketConnection, ReadOnlySpan<byte>> handle)
    {
        var writing = WriteAsync();
        try
        {
            while (await reader.ReadAsync(_socket, this, _cut.Token))
            {
                Touch();
                handle(this, reader.Message);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The peer is gone, or it broke the protocol; then the socket has sent the close frame for that.
        }
        finally
        {
            Close(CloseReason.Done);
            await writing;
        }
    }

    public void Dispose() => _cut.Dispose();

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var message in _queue.Reader.ReadAllAsync(_cut.Token))
            {
                if (IsClosing)
                {
                    break;
                }

                await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, _cut.Token);
            }

            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(_closing!.Status, _closing.Description, _cut.Token);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            _socket.Abort();
        }
    }

    [LoggerMessage(LogLevel.Debug, "Connection {Id} is being closed: {Status} {Reason}")]
    private partial void LogClosing(string id, int status, string reason);

    private void Touch() => Interlocked.Exchange(ref _lastMessageAt, _time.GetUtcNow().UtcTicks);
}
