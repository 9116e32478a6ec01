using System.Net;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class AuthRateLimitTests
{
    [Fact]
    public async Task Registration_login_and_refresh_share_a_stricter_limit()
    {
        await using var api = await StartAsync(new ApiFactory().With("RateLimiting:Auth:PermitLimit", "3"));
        var client = api.CreateClient();
        await client.RegisterAsync(TestUser.Create());
        await client.SignInAsync("nobody", "wrong password");
        await client.RefreshAsync("no such token");

        var refusal = await client.SignInAsync("nobody", "wrong password");

        await refusal.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal("\"auth\";q=3;w=60", refusal.Headers.GetValues("RateLimit-Policy").Single());
    }

    [Fact]
    public async Task A_login_counts_by_address_whoever_is_signed_in()
    {
        await using var api = await StartAsync(new ApiFactory().With("RateLimiting:Auth:PermitLimit", "4"));
        var one = await api.CreateClientForAsync(TestUser.Create());
        var other = await api.CreateClientForAsync(TestUser.Create());

        Assert.Equal(HttpStatusCode.TooManyRequests, (await one.SignInAsync("nobody", "wrong password")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await other.SignInAsync("nobody", "wrong password")).StatusCode);
    }

    [Fact]
    public async Task Users_at_one_address_do_not_limit_each_other()
    {
        await using var api = await StartAsync(new ApiFactory().WithLimit(2));
        var one = await api.CreateClientForAsync(TestUser.Create());
        var other = await api.CreateClientForAsync(TestUser.Create());
        await one.GetAsync(Accounts.Me);
        await one.GetAsync(Accounts.Me);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await one.GetAsync(Accounts.Me)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync(Accounts.Me)).StatusCode);
    }

    private static async Task<ApiFactory> StartAsync(ApiFactory api)
    {
        await api.InitializeAsync();
        return api;
    }
}
