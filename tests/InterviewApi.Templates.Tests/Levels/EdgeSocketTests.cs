using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The WebSocket contract holds through nginx, and over both instances.</summary>
[Trait("Level", "Edge")]
[Collection(EdgeGroup.Name)]
public sealed class EdgeSocketTests(EdgeFixture edge)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_message_reaches_the_clients_of_every_instance_and_outlives_a_reload()
    {
        Requires.Nginx();
        Requires.Servers();
        var stack = await edge.StartedAsync();
        using var user = await stack.NewUserAsync(6);
        var token = user.DefaultRequestHeaders.Authorization!.Parameter!;
        using var through = await ConnectAsync(stack, stack.Nginx.Address, $"/ws?access_token={token}");
        var direct = await Task.WhenAll(
            stack.Instances.Select(instance => ConnectAsync(stack, instance.Client.BaseAddress!, "/ws", token)));

        await stack.Nginx.ReloadAsync();
        Assert.Equal("pong", (await AskAsync(through, new { action = "ping" })).GetProperty("type").GetString());
        foreach (var socket in direct)
        {
            Assert.Equal(
                "subscribed", (await AskAsync(socket, new { action = "subscribe", channel = "lobby" })).GetProperty("type").GetString());
        }

        await SendAsync(through, new { action = "message", channel = "lobby", content = "hi" });
        foreach (var socket in direct)
        {
            Assert.Equal("hi", (await ReceiveAsync(socket)).GetProperty("content").GetString());
            socket.Dispose();
        }

        Assert.DoesNotContain(token, await File.ReadAllTextAsync(stack.Nginx.Site.AccessLog), StringComparison.Ordinal);
        Assert.DoesNotContain(token, await File.ReadAllTextAsync(stack.Nginx.Site.ErrorLog), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handshake_needs_a_token_and_a_known_origin()
    {
        Requires.Nginx();
        Requires.Servers();
        var stack = await edge.StartedAsync();
        using var user = await stack.NewUserAsync(7);
        var token = user.DefaultRequestHeaders.Authorization!.Parameter!;

        using (var accepted = await ConnectAsync(stack, stack.Nginx.Address, "/WS/", token))
        {
            Assert.Equal(WebSocketState.Open, accepted.State);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync(stack, "/ws", null, null));
        Assert.Equal(HttpStatusCode.Forbidden, await RefusedAsync(stack, "/ws", token, "https://elsewhere.example"));
    }

    [Fact]
    public async Task A_message_that_is_too_long_closes_the_connection()
    {
        Requires.Nginx();
        Requires.Servers();
        var stack = await edge.StartedAsync();
        using var user = await stack.NewUserAsync(8);
        using var socket = await ConnectAsync(stack, stack.Nginx.Address, "/ws", user.DefaultRequestHeaders.Authorization!.Parameter);

        await socket.SendAsync(new byte[(16 * 1024) + 1], WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        using var expired = new CancellationTokenSource(Patience);
        await socket.ReceiveAsync(new byte[1024], expired.Token);

        Assert.Equal(WebSocketCloseStatus.MessageTooBig, socket.CloseStatus);
    }

    [Fact]
    public async Task No_other_protocol_is_let_through()
    {
        Requires.Nginx();
        Requires.Servers();
        var stack = await edge.StartedAsync();
        using var user = await stack.NewUserAsync(9);
        var request = new HttpRequestMessage(HttpMethod.Get, "/ws") { Headers = { { "Connection", "Upgrade" }, { "Upgrade", "h2c" } } };

        await EdgeAssert.IsProblemAsync(HttpStatusCode.UpgradeRequired, await user.SendAsync(request));
    }

    private static async Task<HttpStatusCode> RefusedAsync(EdgeStack stack, string path, string? token, string? origin)
    {
        using var socket = new ClientWebSocket();
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(socket, stack, stack.Nginx.Address, path, token, origin));
        return socket.HttpStatusCode;
    }

    private static async Task<ClientWebSocket> ConnectAsync(EdgeStack stack, Uri address, string path, string? token = null)
    {
        var socket = new ClientWebSocket();
        await ConnectAsync(socket, stack, address, path, token, null);
        return socket;
    }

    private static async Task ConnectAsync(ClientWebSocket socket, EdgeStack stack, Uri address, string path, string? token, string? origin)
    {
        socket.Options.CollectHttpResponseDetails = true;
        if (token is not null)
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        }

        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        using var client = new HttpMessageInvoker(stack.Nginx.NewHandler());
        await socket.ConnectAsync(
            new UriBuilder(new Uri(address, path)) { Scheme = address.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" }.Uri, client,
            CancellationToken.None);
    }

    private static async Task<JsonElement> AskAsync(ClientWebSocket socket, object message)
    {
        await SendAsync(socket, message);
        return await ReceiveAsync(socket);
    }

    private static Task SendAsync(ClientWebSocket socket, object message) =>
        socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket)
    {
        using var expired = new CancellationTokenSource(Patience);
        var buffer = new byte[16 * 1024];
        var frame = await socket.ReceiveAsync(buffer, expired.Token);

        return JsonDocument.Parse(Encoding.UTF8.GetString(buffer, 0, frame.Count)).RootElement;
    }
}
