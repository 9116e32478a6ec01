using System.Net;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

/// <summary>The tokens of handshakes, and connections that end with their token.</summary>
public sealed class RealtimeTokenTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    // Nobody is upgraded here: a request that has a good token is told that this is a place for WebSockets.
    private const HttpStatusCode Admitted = HttpStatusCode.UpgradeRequired;

    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task A_handshake_without_a_token_is_refused()
    {
        await (await _client.GetAsync("/ws")).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_handshake_may_bring_its_token_in_the_address()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        Assert.Equal(Admitted, (await _client.GetAsync($"/ws?access_token={tokens.Access}")).StatusCode);
        Assert.Equal(Admitted, (await _client.GetAsync($"/WS/?access_token={tokens.Access}")).StatusCode);
    }

    [Fact]
    public async Task A_token_in_the_address_is_in_no_log_line()
    {
        using var log = new LogRecorder();
        await using var own = await new ApiFactory()
            .With("Logging:LogLevel:Default", "Trace")
            .With("Logging:LogLevel:Microsoft.AspNetCore", "Trace")
            .LogTo(log)
            .StartAsync();
        var tokens = await own.SignUpAsync(TestUser.Create());

        Assert.Equal(Admitted, (await own.CreateClient().GetAsync($"/ws?access_token={tokens.Access}")).StatusCode);

        Assert.Contains(log.Lines, line => line.Message.Contains("GET /ws answered", StringComparison.Ordinal));
        Assert.DoesNotContain(
            log.Lines, line => (line.Message + line.Scopes).Contains(tokens.Access, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_other_address_takes_a_token()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        await (await _client.GetAsync($"{TestTokens.Me}?access_token={tokens.Access}")).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_connection_ends_with_its_token()
    {
        await using var own = await new ApiFactory().With("WebSockets:SessionCheckSeconds", "1").OnNetwork().StartAsync();
        using var client = await own.CreateClientForAsync(TestUser.Create());
        using var connection = await SocketClient.ConnectAsync(client);
        own.Time.Advance(TimeSpan.FromMinutes(10));
        await connection.AssertNothingWaitsAsync();

        own.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal((1008, "token expired"), await connection.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_user_has_so_many_connections_and_no_more()
    {
        await using var own = await new ApiFactory().With("WebSockets:MaxConnectionsPerUser", "2").OnNetwork().StartAsync();
        using var one = await own.CreateClientForAsync(TestUser.Create());
        using var other = await own.CreateClientForAsync(TestUser.Create());
        using var first = await SocketClient.ConnectAsync(one);
        using var second = await SocketClient.ConnectAsync(one);

        Assert.Equal(429, await SocketClient.RefusalOfAsync(one));

        await first.AssertNothingWaitsAsync();
        using var connection = await SocketClient.ConnectAsync(other);
        await connection.AssertNothingWaitsAsync();
    }
}
