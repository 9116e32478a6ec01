using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class RealtimeSessionTests : IAsyncLifetime
{
    private readonly ApiFactory _api = new();
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.With("WebSockets:SessionCheckSeconds", "1").OnNetwork().InitializeAsync();
        _client = _api.CreateClient();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_connection_ends_with_its_token()
    {
        var tokens = await _api.SignUpAsync(TestUser.Create());
        using var connection = await ConnectAsync(tokens);
        _api.Time.Advance(TimeSpan.FromMinutes(10));
        using var renewed = await ConnectAsync(await (await _client.RefreshAsync(tokens.Refresh)).ReadTokensAsync());
        await AssertOpenAsync(connection);

        _api.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal((1008, "token expired"), await connection.ReceiveCloseAsync());
        await AssertOpenAsync(renewed);
    }

    [Fact]
    public async Task Logout_ends_the_connections_of_the_session_and_of_no_other()
    {
        var user = TestUser.Create();
        var tokens = await _api.SignUpAsync(user);
        using var first = await ConnectAsync(tokens);
        using var second = await ConnectAsync(tokens);
        using var other = await ConnectAsync(await (await _client.SignInAsync(user.Username, user.Password)).ReadTokensAsync());

        await _client.LogoutAsync(tokens.Access);

        Assert.Equal((1008, "session ended"), await first.ReceiveCloseAsync());
        Assert.Equal((1008, "session ended"), await second.ReceiveCloseAsync());
        await AssertOpenAsync(other);
    }

    [Fact]
    public async Task A_refresh_token_that_is_used_twice_ends_the_connections_of_its_session()
    {
        var tokens = await _api.SignUpAsync(TestUser.Create());
        using var connection = await ConnectAsync(tokens);
        await _client.RefreshAsync(tokens.Refresh);
        _api.Time.Advance(TimeSpan.FromSeconds(11));

        await _client.RefreshAsync(tokens.Refresh);

        Assert.Equal((1008, "session ended"), await connection.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_user_has_so_many_connections_and_no_more()
    {
        await using var api = new ApiFactory().With("WebSockets:MaxConnectionsPerUser", "2").OnNetwork();
        await api.InitializeAsync();
        using var one = await api.CreateClientForAsync(TestUser.Create());
        using var other = await api.CreateClientForAsync(TestUser.Create());
        using var first = await SocketClient.ConnectAsync(one);
        using var second = await SocketClient.ConnectAsync(one);

        Assert.Equal(429, await SocketClient.RefusalOfAsync(one));

        await AssertOpenAsync(first);
        using var connection = await SocketClient.ConnectAsync(other);
        await AssertOpenAsync(connection);
    }

    private static async Task AssertOpenAsync(SocketClient connection)
    {
        await connection.SendAsync(new { action = "ping" });
        Assert.Equal("pong", await connection.ReceiveTypeAsync());
    }

    private async Task<SocketClient> ConnectAsync(Tokens tokens)
    {
        using var client = _api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.Access);
        return await SocketClient.ConnectAsync(client);
    }
}
