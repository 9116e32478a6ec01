using System.Net;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class UserRateLimitTests
{
    [Fact]
    public async Task Users_at_one_address_do_not_limit_each_other()
    {
        await using var api = await new ApiFactory().WithLimit(2).StartAsync();
        var one = await api.CreateClientForAsync(TestUser.Create());
        var other = await api.CreateClientForAsync(TestUser.Create());
        await one.GetAsync(TestTokens.Me);
        await one.GetAsync(TestTokens.Me);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await one.GetAsync(TestTokens.Me)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync(TestTokens.Me)).StatusCode);
    }

    [Fact]
    public async Task A_limit_that_a_user_reaches_is_logged_with_the_user_and_the_address()
    {
        using var log = new LogRecorder();
        await using var api = await new ApiFactory().WithLimit(1).OnNetwork().LogTo(log).StartAsync();
        var client = await api.CreateClientForAsync(TestUser.Create());
        var me = await (await client.GetAsync(TestTokens.Me)).ReadJsonAsync();

        await client.GetAsync(TestTokens.Me);
        await client.GetAsync(TestTokens.Me);

        var line = Assert.Single(log.Lines, line => line.Message.Contains("reached by", StringComparison.Ordinal)).Message;
        Assert.Contains($"user:{me.GetProperty("id").GetString()} from 127.0.0.1", line, StringComparison.Ordinal);
    }
}
