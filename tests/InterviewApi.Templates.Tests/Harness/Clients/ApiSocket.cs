using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A WebSocket to a generated API that sends and awaits JSON messages.</summary>
internal sealed class ApiSocket(ClientWebSocket socket) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public async Task SubscribeAsync(string channel)
    {
        await SendAsync(new { action = "subscribe", channel });
        await ReceiveAsync(message => message.GetProperty("type").GetString() == "subscribed");
    }

    public Task SendAsync<T>(T message) =>
        socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>Waits for a message; those before it are dropped.</summary>
    public async Task<JsonElement> ReceiveAsync(Func<JsonElement, bool> isAwaited)
    {
        using var expired = new CancellationTokenSource(Patience);
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), expired.Token);
                length += part.Count;
            }
            while (!part.EndOfMessage);

            Assert.Equal(WebSocketMessageType.Text, part.MessageType);
            var message = JsonDocument.Parse(Encoding.UTF8.GetString(buffer, 0, length)).RootElement;
            if (isAwaited(message))
            {
                return message;
            }
        }
    }

    public async Task CloseAsync()
    {
        using var expired = new CancellationTokenSource(Patience);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, expired.Token);
    }

    public void Dispose() => socket.Dispose();
}
