using System.Net;
using Acme.Shop.Core.RateLimiting;
using Acme.Shop.Core.Redis;
using Acme.Shop.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Acme.Shop.Tests.Integration;

public sealed class SharedRateLimitTests
{
    [Fact]
    public async Task Instances_on_one_Redis_admit_up_to_the_limit_together()
    {
        var redis = TestRedis.NewConnectionString();
        await using var one = await new ApiFactory().WithLimit(20).With("ConnectionStrings:Redis", redis).StartAsync();
        await using var other = await new ApiFactory().WithLimit(20).With("ConnectionStrings:Redis", redis).StartAsync();
        HttpClient[] clients = [one.CreateClient(), other.CreateClient()];

        var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => clients[i % 2].GetAsync("/anything")));

        Assert.Equal(80, responses.Count(response => response.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task An_instance_without_Redis_limits_for_itself_and_says_so_once()
    {
        var log = new LogRecorder();
        await using var api = await new ApiFactory()
            .WithLimit(3).With("ConnectionStrings:Redis", TestRedis.Nowhere).LogTo(log).StartAsync();
        var client = api.CreateClient();

        var responses = new List<HttpResponseMessage>();
        for (var i = 0; i < 5; i++)
        {
            responses.Add(await client.GetAsync("/anything"));
        }

        Assert.Equal(2, responses.Count(response => response.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.Single(log.Lines, line => line.Message.Contains("limited by each instance", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reset_is_never_negative_however_many_requests_have_expired()
    {
        await using var api = await new ApiFactory().With("ConnectionStrings:Redis", TestRedis.NewConnectionString()).StartAsync();
        var expired = Enumerable.Repeat<RedisValue>(1, 150).ToArray();
        var redis = api.Services.GetRequiredService<RedisConnection>();
        await redis.TryAsync(
            redis.Key("limit:v1:test:client"), (database, key) => database.ListRightPushAsync(key, expired));

        var count = await api.Services.GetRequiredService<RateLimitCounter>()
            .CountAsync(new RateLimitPolicy("test", 200, TimeSpan.FromSeconds(60)), "client");

        Assert.True(count.IsAcquired);
        Assert.InRange(count.Reset, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }
}
