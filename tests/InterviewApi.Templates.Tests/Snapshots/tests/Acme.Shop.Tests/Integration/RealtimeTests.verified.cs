using System.Net;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class RealtimeTests(RealtimeFixture fixture) : IClassFixture<RealtimeFixture>
{
    [Fact]
    public async Task Every_subscriber_gets_each_message_once_and_in_order()
    {
        var clients = await fixture.ConnectAsync(3);
        var (sender, other, outsider) = (clients[0], clients[1], clients[2]);
        await sender.SubscribeAsync("lobby");
        await other.SubscribeAsync("lobby");
        await outsider.SubscribeAsync("elsewhere");

        for (var number = 0; number < 50; number++)
        {
            await sender.SendAsync(new { action = "message", channel = "lobby", content = $"{number} ✓" });
        }

        foreach (var client in new[] { sender, other })
        {
            for (var number = 0; number < 50; number++)
            {
                var message = await client.ReceiveAsync();
                Assert.Equal("message", message.GetProperty("type").GetString());
                Assert.Equal("lobby", message.GetProperty("channel").GetString());
                Assert.Equal($"{number} ✓", message.GetProperty("content").GetString());
                Assert.NotEmpty(message.GetProperty("from").GetString()!);
            }

            await client.AssertNothingWaitsAsync();
        }

        await outsider.AssertNothingWaitsAsync();
    }

    [Fact]
    public async Task Connections_and_messages_are_measured()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var api = receiver.CreateApi().OnNetwork();
        await api.InitializeAsync();
        using var client = await SocketClient.ConnectAsync(await api.CreateWriterAsync());

        await client.SubscribeAsync("lobby");

        await receiver.WaitForMetricsAsync("websocket.connections");
        await receiver.WaitForMetricAsync("websocket.messages", "receive");
        await receiver.WaitForMetricAsync("websocket.messages", "transmit");
    }

    [Fact]
    public async Task A_client_that_unsubscribed_hears_no_more()
    {
        var clients = await fixture.ConnectAsync(2);
        await clients[0].SubscribeAsync("news");
        await clients[0].SubscribeAsync("news");
        await clients[0].SendAsync(new { action = "unsubscribe", channel = "news" });
        var answer = await clients[0].ReceiveAsync();
        Assert.Equal("unsubscribed", answer.GetProperty("type").GetString());
        Assert.Equal("news", answer.GetProperty("channel").GetString());

        await clients[1].SendAsync(new { action = "message", channel = "news", content = "hi" });
        await clients[1].AssertNothingWaitsAsync();

        await clients[0].AssertNothingWaitsAsync();
    }

    [Theory]
    [InlineData("hello", "invalid_message")]
    [InlineData("", "invalid_message")]
    [InlineData("null", "invalid_message")]
    [InlineData("[]", "invalid_message")]
    [InlineData("""{"action":1}""", "invalid_message")]
    [InlineData("""{"action":"ping","action":"ping"}""", "invalid_message")]
    [InlineData("""{"action":"message","channel":"c","content":"\ud800"}""", "invalid_message")]
    [InlineData("""{"action":"message","channel":"c","content":{"a":{"b":{"c":{"d":{"e":{"f":{"g":1}}}}}}}}""", "invalid_message")]
    [InlineData("{}", "unknown_action")]
    [InlineData("""{"action":"Subscribe","channel":"c"}""", "unknown_action")]
    [InlineData("""{"action":"subscribe"}""", "invalid_channel")]
    [InlineData("""{"action":"subscribe","channel":""}""", "invalid_channel")]
    [InlineData("""{"action":"subscribe","channel":"a b"}""", "invalid_channel")]
    [InlineData("""{"action":"unsubscribe","channel":"a\n"}""", "invalid_channel")]
    [InlineData("""{"action":"message","channel":"c"}""", "no_content")]
    [InlineData("""{"action":"message","to":"c"}""", "no_content")]
    [InlineData("""{"action":"message","to":"c","channel":"c","content":"hi"}""", "invalid_message")]
    [InlineData("""{"action":"subscribe","channel":"c","presence":"yes"}""", "invalid_message")]
    public async Task What_is_wrong_is_answered_and_the_connection_stays(string text, string code)
    {
        using var client = (await fixture.ConnectAsync(1))[0];

        await client.SendTextAsync(text);
        var error = await client.ReceiveAsync();

        Assert.Equal("error", error.GetProperty("type").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        await client.AssertNothingWaitsAsync();
    }

    [Fact]
    public async Task A_connection_has_so_many_subscriptions_and_no_more()
    {
        using var client = (await fixture.ConnectAsync(1))[0];
        for (var number = 1; number <= 32; number++)
        {
            await client.SubscribeAsync($"channel-{number}");
        }

        await client.SendAsync(new { action = "subscribe", channel = "channel-33" });
        Assert.Equal("too_many_subscriptions", (await client.ReceiveAsync()).GetProperty("code").GetString());
        await client.SendAsync(new { action = "unsubscribe", channel = "channel-1" });
        Assert.Equal("unsubscribed", await client.ReceiveTypeAsync());
        await client.SubscribeAsync("channel-33");
    }

    [Fact]
    public async Task A_peer_that_died_disturbs_nobody()
    {
        var clients = await fixture.ConnectAsync(3);
        foreach (var client in clients)
        {
            await client.SubscribeAsync("wake");
        }

        clients[1].Socket.Abort();
        for (var number = 0; number < 20; number++)
        {
            await clients[0].SendAsync(new { action = "message", channel = "wake", content = $"{number}" });
            Assert.Equal($"{number}", (await clients[2].ReceiveAsync()).GetProperty("content").GetString());
        }
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("https://app.example.com.evil.com")]
    [InlineData("http://app.example.com")]
    [InlineData("http://localhost:1")]
    [InlineData("null")]
    public async Task A_page_of_a_foreign_origin_is_refused(string origin)
    {
        using var client = await fixture.Api.CreateWriterAsync();

        Assert.Equal(403, await SocketClient.RefusalOfAsync(client, origin));
    }

    [Fact]
    public async Task A_page_of_an_allowed_or_the_own_origin_connects()
    {
        using var client = await fixture.Api.CreateWriterAsync();
        using var allowed = await SocketClient.ConnectAsync(client, "https://app.example.com");
        using var own = await SocketClient.ConnectAsync(client, client.BaseAddress!.GetLeftPart(UriPartial.Authority));

        await own.SubscribeAsync("lobby");
    }

    [Fact]
    public async Task An_instance_holds_so_many_connections_and_no_more()
    {
        await using var api = await new ApiFactory().With("WebSockets:MaxConnections", "2").OnNetwork().StartAsync();
        using var client = await api.CreateWriterAsync();
        var first = await SocketClient.ConnectAsync(client);
        using var second = await SocketClient.ConnectAsync(client);
        Assert.Equal(503, await SocketClient.RefusalOfAsync(client));

        first.Socket.Abort();

        using var third = await SocketClient.ConnectWhenPossibleAsync(client);
        await third.SubscribeAsync("lobby");
    }

    [Fact]
    public async Task An_address_has_so_many_connections_and_no_more()
    {
        using var log = new LogRecorder();
        await using var api = await new ApiFactory()
            .With("WebSockets:MaxConnectionsPerAddress", "2")
            .With("ForwardedHeaders:KnownProxies:0", "127.0.0.1")
            .LogTo(log)
            .OnNetwork().StartAsync();
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
        using var third = await SocketClient.ConnectWhenPossibleAsync(client);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("other", "json")]
    public async Task A_subprotocol_that_a_browser_offers_is_selected(params string[] offered)
    {
        using var client = await fixture.Api.CreateWriterAsync();
        using var connection = await SocketClient.ConnectAsync(client, subprotocols: offered);

        Assert.Equal("json", connection.Socket.SubProtocol);
    }

    [Fact]
    public async Task A_handshake_without_a_known_subprotocol_is_told_the_one_there_is()
    {
        using var client = await fixture.Api.CreateWriterAsync();
        Assert.Equal(400, await SocketClient.RefusalOfAsync(client, subprotocols: ["other"]));
        using var none = await SocketClient.ConnectAsync(client);
        Assert.Null(none.Socket.SubProtocol);
    }

    [Fact]
    public async Task Any_other_request_is_told_to_upgrade()
    {
        using var client = await fixture.Api.CreateWriterAsync();
        var response = await client.GetAsync("/ws");

        await response.ShouldBeProblemAsync(HttpStatusCode.UpgradeRequired);
        Assert.Equal("websocket", response.Headers.Upgrade.ToString());
        Assert.Equal("Upgrade, keep-alive", response.Headers.Connection.ToString());
        await (await client.PostAsync("/ws", null)).ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed);

        var head = new HttpRequestMessage(HttpMethod.Head, "/ws").With("Connection", "Upgrade").With("Upgrade", "websocket")
            .With("Sec-WebSocket-Version", "13").With("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==");
        Assert.Equal(HttpStatusCode.UpgradeRequired, (await client.SendAsync(head)).StatusCode);
    }
}
