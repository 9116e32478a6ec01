using System.Buffers;
using System.Net.WebSockets;

namespace Acme.Shop.Core.Realtime;

/// <summary>
/// Puts the messages of one client together and holds it to its limits. The buffer is borrowed while a message arrives:
/// an idle connection has none.
/// </summary>
public sealed class MessageReader(int maxBytes, MessageBudget budget) : IDisposable
{
    private const int MinFragments = 128;

    private byte[] _buffer = [];
    private int _length;

    // An honest client sends at least a kilobyte in each, if it sends fragments at all.
    private int MaxFragments => Math.Max(MinFragments, maxBytes / 1024);

    /// <value>The message that was read last.</value>
    public ReadOnlySpan<byte> Message => _buffer.AsSpan(0, _length);

    /// <summary>Reads the next message. One that breaks a limit closes the connection.</summary>
    /// <returns>False if the peer has closed.</returns>
    public async Task<bool> ReadAsync(WebSocket socket, SocketConnection connection, CancellationToken cancellationToken)
    {
        Release();
        for (var fragments = 0; ; fragments++)
        {
            // The first read takes nothing, so that waiting needs no buffer.
            var result = await socket.ReceiveAsync(_buffer.AsMemory(_length), cancellationToken);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return false;
            }

            _length += result.Count;
            var broken = connection.IsClosing ? null : Check(result, fragments);
            if (broken is not null)
            {
                connection.Close(broken);
            }

            if (connection.IsClosing)
            {
                // What the peer sends before its close frame is thrown away: unread, it would break the connection
                // before the peer has read ours.
                _length = 0;
            }
            else if (result.EndOfMessage)
            {
                return true;
            }

            if (_buffer.Length == 0)
            {
                _buffer = ArrayPool<byte>.Shared.Rent(maxBytes + 1);
            }
        }
    }

    public void Dispose() => Release();

    private CloseReason? Check(ValueWebSocketReceiveResult result, int fragments) => result switch
    {
        { MessageType: WebSocketMessageType.Binary } => CloseReason.Binary,
        _ when _length > maxBytes => CloseReason.TooBig,
        _ when fragments > MaxFragments => CloseReason.TooManyFragments,
        { EndOfMessage: true } when !budget.TryTake() => CloseReason.TooManyMessages,
        _ => null,
    };

    private void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        _length = 0;
    }
}
