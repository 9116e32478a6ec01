using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

/// <summary>Connections that end with their session.</summary>
public sealed class RealtimeAccountTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task A_refresh_token_is_refused()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        await (await _client.GetAsync($"/ws?access_token={tokens.Refresh}")).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_revoked_token_is_refused()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());
        await _client.LogoutAsync(tokens.Access);

        await (await _client.GetAsync($"/ws?access_token={tokens.Access}")).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_connection_with_a_renewed_token_outlasts_the_old_one()
    {
        await using var own = await StartOnNetworkAsync();
        var tokens = await own.SignUpAsync(TestUser.Create());
        using var connection = await ConnectAsync(own, tokens);
        own.Time.Advance(TimeSpan.FromMinutes(10));
        using var renewed = await ConnectAsync(own, await (await own.CreateClient().RefreshAsync(tokens.Refresh)).ReadTokensAsync());
        await connection.AssertNothingWaitsAsync();

        own.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal((1008, "token expired"), await connection.ReceiveCloseAsync());
        await renewed.AssertNothingWaitsAsync();
    }

    [Fact]
    public async Task Logout_ends_the_connections_of_the_session_and_of_no_other()
    {
        await using var own = await StartOnNetworkAsync();
        var client = own.CreateClient();
        var user = TestUser.Create();
        var tokens = await own.SignUpAsync(user);
        using var first = await ConnectAsync(own, tokens);
        using var second = await ConnectAsync(own, tokens);
        using var other = await ConnectAsync(own, await (await client.SignInAsync(user.Username, user.Password)).ReadTokensAsync());

        await client.LogoutAsync(tokens.Access);

        Assert.Equal((1008, "session ended"), await first.ReceiveCloseAsync());
        Assert.Equal((1008, "session ended"), await second.ReceiveCloseAsync());
        await other.AssertNothingWaitsAsync();
    }

    [Fact]
    public async Task Nothing_is_left_of_a_disabled_user()
    {
        await using var own = await StartOnNetworkAsync();
        var user = TestUser.Create();
        using var connection = await ConnectAsync(own, await own.SignUpAsync(user));
        using var other = await ConnectAsync(own, await own.SignUpAsync(TestUser.Create()));

        await own.RunUsersAsync("disable", user.Username);

        Assert.Equal((1008, "session ended"), await connection.ReceiveCloseAsync());
        await other.AssertNothingWaitsAsync();
    }

    [Fact]
    public async Task A_refresh_token_that_is_used_twice_ends_the_connections_of_its_session()
    {
        await using var own = await StartOnNetworkAsync();
        var client = own.CreateClient();
        var tokens = await own.SignUpAsync(TestUser.Create());
        using var connection = await ConnectAsync(own, tokens);
        await client.RefreshAsync(tokens.Refresh);
        own.Time.Advance(TimeSpan.FromSeconds(11));

        await client.RefreshAsync(tokens.Refresh);

        Assert.Equal((1008, "session ended"), await connection.ReceiveCloseAsync());
    }

    private static Task<ApiFactory> StartOnNetworkAsync() =>
        new ApiFactory().With("WebSockets:SessionCheckSeconds", "1").OnNetwork().StartAsync();

    private static async Task<SocketClient> ConnectAsync(ApiFactory api, Tokens tokens)
    {
        using var client = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.Access);
        return await SocketClient.ConnectAsync(client);
    }
}
