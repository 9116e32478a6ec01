using System.Net;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

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
        await (await _client.GetAsync($"/ws?access_token={tokens.Refresh}")).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_token_in_the_address_is_in_no_log_line()
    {
        using var log = new LogRecorder();
        await using var own = new ApiFactory()
            .With("Logging:LogLevel:Default", "Trace")
            .With("Logging:LogLevel:Microsoft.AspNetCore", "Trace")
            .LogTo(log);
        await own.InitializeAsync();
        var tokens = await own.SignUpAsync(TestUser.Create());

        Assert.Equal(Admitted, (await own.CreateClient().GetAsync($"/ws?access_token={tokens.Access}")).StatusCode);

        Assert.Contains(log.Lines, line => line.Message.Contains("GET /ws answered", StringComparison.Ordinal));
        Assert.DoesNotContain(
            log.Lines, line => (line.Message + line.Scopes).Contains(tokens.Access, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_revoked_token_is_refused()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());
        await _client.LogoutAsync(tokens.Access);

        await (await _client.GetAsync($"/ws?access_token={tokens.Access}")).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task No_other_address_takes_a_token()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        await (await _client.GetAsync($"{Accounts.Me}?access_token={tokens.Access}")).ShouldBeUnauthorizedAsync();
    }
}
