using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Acme.Shop.Core.Realtime;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Support;

/// <summary>A WebSocket client. It only reads when a test asks for a message.</summary>
public sealed class SocketClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();

    private SocketClient() => _socket.Options.CollectHttpResponseDetails = true;

    public WebSocket Socket => _socket;

    /// <summary>Connects with the address and the headers of an HTTP client.</summary>
    /// <exception cref="WebSocketException">The server refused; <see cref="RefusalOfAsync"/> expects that.</exception>
    public static async Task<SocketClient> ConnectAsync(
        HttpClient client, string? origin = null, params string[] subprotocols)
    {
        var connection = new SocketClient();
        await connection.OpenAsync(client, origin, subprotocols);
        return connection;
    }

    /// <summary>Connects as soon as the server does not refuse.</summary>
    public static async Task<SocketClient> ConnectWhenPossibleAsync(HttpClient client)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return await ConnectAsync(client);
            }
            catch (WebSocketException)
            {
                await Task.Delay(50, timeout.Token);
            }
        }
    }

    /// <summary>Ends these connections, and waits until the server has only that many left.</summary>
    public static async Task LeaveAsync(ApiFactory api, int left, params SocketClient?[] clients)
    {
        Array.ForEach(clients, client => client?.Dispose());
        await Eventually.HoldsAsync(() => api.Services.GetRequiredService<ConnectionManager>().Find(_ => true).Count <= left);
    }

    /// <summary>The status code with which the server refuses to connect.</summary>
    public static async Task<int> RefusalOfAsync(HttpClient client, string? origin = null, params string[] subprotocols)
    {
        using var connection = new SocketClient();
        await Assert.ThrowsAsync<WebSocketException>(() => connection.OpenAsync(client, origin, subprotocols));
        return (int)connection._socket.HttpStatusCode;
    }

    public Task SendAsync(object message) => SendTextAsync(JsonSerializer.Serialize(message));

    public Task SendTextAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public async Task SendAsync(byte[] bytes, WebSocketMessageType type, bool isEnd = true)
    {
        using var timeout = new CancellationTokenSource(Patience);
        await _socket.SendAsync(bytes, type, isEnd, timeout.Token);
    }

    public async Task SubscribeAsync(string channel)
    {
        await SendAsync(new { action = "subscribe", channel });
        Assert.Equal("subscribed", await ReceiveTypeAsync());
    }

    public async Task<string?> ReceiveTypeAsync() => (await ReceiveAsync()).GetProperty("type").GetString();

    public async Task<JsonElement> ReceiveAsync()
    {
        var text = await ReadAsync();
        Assert.True(text is not null, $"The server closed with {_socket.CloseStatus} {_socket.CloseStatusDescription}.");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Expects that no message waits for this client.</summary>
    // The answers of a connection are in order: if the next one is the pong, nothing was before it.
    public async Task AssertNothingWaitsAsync()
    {
        await SendAsync(new { action = "ping" });
        Assert.Equal("pong", await ReceiveTypeAsync());
    }

    /// <summary>Reads whatever comes until the server closes, and returns its reason.</summary>
    public async Task<(int Status, string? Description)> ReceiveCloseAsync()
    {
        while (await ReadAsync() is not null)
        {
        }

        return ((int)_socket.CloseStatus!, _socket.CloseStatusDescription);
    }

    /// <summary>Reads whatever comes until the connection ends.</summary>
    /// <returns>The status that the server gave, or null if the connection was torn down.</returns>
    public async Task<int?> ReceiveEndAsync()
    {
        try
        {
            return (await ReceiveCloseAsync()).Status;
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    public void Dispose() => _socket.Dispose();

    private Task OpenAsync(HttpClient client, string? origin, string[] subprotocols)
    {
        foreach (var header in client.DefaultRequestHeaders)
        {
            _socket.Options.SetRequestHeader(header.Key, string.Join(", ", header.Value));
        }

        foreach (var subprotocol in subprotocols)
        {
            _socket.Options.AddSubProtocol(subprotocol);
        }

        if (origin is not null)
        {
            _socket.Options.SetRequestHeader("Origin", origin);
        }

        var address = new UriBuilder(client.BaseAddress!) { Scheme = "ws", Path = "/ws" };
        return _socket.ConnectAsync(address.Uri, CancellationToken.None);
    }

    private async Task<string?> ReadAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var result = await _socket.ReceiveAsync(buffer.AsMemory(), timeout.Token);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, result.Count);
            if (result.EndOfMessage)
            {
                return Encoding.UTF8.GetString(message.ToArray());
            }
        }
    }
}

/// <summary>An application on the real web server, because frames are its matter.</summary>
public sealed class RealtimeFixture : IAsyncLifetime
{
    public ApiFactory Api { get; } = new ApiFactory().With("Cors:AllowedOrigins:0", "https://app.example.com").OnNetwork();

    /// <summary>Clients that are connected in the same way as a client that may change resources.</summary>
    public async Task<SocketClient[]> ConnectAsync(int count)
    {
        using var client = await Api.CreateWriterAsync();
        var clients = new SocketClient[count];
        for (var index = 0; index < count; index++)
        {
            clients[index] = await SocketClient.ConnectAsync(client);
        }

        return clients;
    }

    public ValueTask InitializeAsync() => Api.InitializeAsync();

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
