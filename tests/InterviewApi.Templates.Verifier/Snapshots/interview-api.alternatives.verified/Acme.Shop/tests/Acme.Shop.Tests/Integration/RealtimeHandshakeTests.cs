using System.Net;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class RealtimeHandshakeTests : IAsyncLifetime
{
    private readonly ApiFactory _api = new();
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        await _api
            .With("Cors:AllowedOrigins:0", "https://app.example.com")
            .With("WebSockets:MaxConnections", "2")
            .OnNetwork()
            .InitializeAsync();
        _client = await _api.CreateWriterAsync();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("https://app.example.com.evil.com")]
    [InlineData("http://app.example.com")]
    [InlineData("http://localhost:1")]
    [InlineData("null")]
    public async Task A_page_of_a_foreign_origin_is_refused(string origin) =>
        Assert.Equal(403, await SocketClient.RefusalOfAsync(_client, origin));

    [Fact]
    public async Task A_page_of_an_allowed_or_the_own_origin_connects()
    {
        using var allowed = await SocketClient.ConnectAsync(_client, "https://app.example.com");
        using var own = await SocketClient.ConnectAsync(_client, _client.BaseAddress!.GetLeftPart(UriPartial.Authority));

        await own.SubscribeAsync("lobby");
    }

    [Fact]
    public async Task An_instance_holds_so_many_connections_and_no_more()
    {
        var first = await SocketClient.ConnectAsync(_client);
        using var second = await SocketClient.ConnectAsync(_client);
        Assert.Equal(503, await SocketClient.RefusalOfAsync(_client));

        first.Socket.Abort();

        using var third = await ConnectWhenPossibleAsync(_client);
        await third.SubscribeAsync("lobby");
    }

    [Fact]
    public async Task An_address_has_so_many_connections_and_no_more()
    {
        using var log = new LogRecorder();
        await using var api = new ApiFactory()
            .With("WebSockets:MaxConnectionsPerAddress", "2")
            .With("ForwardedHeaders:KnownProxies:0", "127.0.0.1")
            .LogTo(log)
            .OnNetwork();
        await api.InitializeAsync();
        using var client = await api.CreateWriterAsync();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");
        var first = await SocketClient.ConnectAsync(client);
        using var second = await SocketClient.ConnectAsync(client);

        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.Equal(429, await SocketClient.RefusalOfAsync(client));
        }

        await (await client.GetAsync("/ws")).ShouldBeProblemAsync(HttpStatusCode.TooManyRequests);
        Assert.Single(log.Lines, line => line.Message.Contains("address:192.0.2.1 has reached its limit of 2 ", StringComparison.Ordinal));
        client.DefaultRequestHeaders.Remove("X-Forwarded-For");
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.2");
        using var other = await SocketClient.ConnectAsync(client);
        await other.SubscribeAsync("lobby");

        first.Dispose();
        client.DefaultRequestHeaders.Remove("X-Forwarded-For");
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");
        using var third = await ConnectWhenPossibleAsync(client);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("other", "json")]
    public async Task A_subprotocol_that_a_browser_offers_is_selected(params string[] offered)
    {
        using var connection = await SocketClient.ConnectAsync(_client, subprotocols: offered);

        Assert.Equal("json", connection.Socket.SubProtocol);
    }

    [Fact]
    public async Task A_handshake_without_a_known_subprotocol_is_told_the_one_there_is()
    {
        Assert.Equal(400, await SocketClient.RefusalOfAsync(_client, subprotocols: ["other"]));
        using var none = await SocketClient.ConnectAsync(_client);
        Assert.Null(none.Socket.SubProtocol);
    }

    [Fact]
    public async Task Any_other_request_is_told_to_upgrade()
    {
        var response = await _client.GetAsync("/ws");

        await response.ShouldBeProblemAsync(HttpStatusCode.UpgradeRequired);
        Assert.Equal("websocket", response.Headers.Upgrade.ToString());
        await (await _client.PostAsync("/ws", null)).ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed);
    }

    private static async Task<SocketClient> ConnectWhenPossibleAsync(HttpClient client)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                return await SocketClient.ConnectAsync(client);
            }
            catch (System.Net.WebSockets.WebSocketException)
            {
                await Task.Delay(50, timeout.Token);
            }
        }
    }
}
