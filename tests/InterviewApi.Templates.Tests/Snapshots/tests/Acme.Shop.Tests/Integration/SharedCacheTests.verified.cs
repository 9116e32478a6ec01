using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Acme.Shop.Core.Redis;
using Acme.Shop.Tests.Support;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

/// <summary>The caches of two instances on one Redis.</summary>
public sealed class SharedCacheTests : IAsyncLifetime
{
    private const string Key = "note:1";
    private const string Hour = "3600";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ApiFactory _one = new();
    private readonly ApiFactory _other = new();

    public ValueTask InitializeAsync()
    {
        UseRedis(TestRedis.NewConnectionString(), localSeconds: Hour);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task A_value_that_one_instance_loaded_is_not_loaded_by_the_other()
    {
        await ReadAsync(_one, "loaded");

        // It is written to Redis in the background.
        await Eventually.HoldsAsync(async () => await _other.Services.GetRequiredService<RedisConnection>()
            .TryAsync(RedisKey(_other), static (database, key) => database.KeyExistsAsync(key)) is { Value: true });

        Assert.Equal("loaded", await ReadAsync(_other, "loaded again"));
    }

    [Fact]
    public async Task An_invalidation_reaches_the_memory_of_the_other_instance()
    {
        for (var round = 0; round < 20; round++)
        {
            var (old, changed) = ($"old {round}", $"new {round}");
            await EventuallyReadsAsync(_other, old);
            await CacheOf(_one).RemoveByTagAsync(Key);
            Assert.Equal(changed, await ReadAsync(_one, changed));

            await EventuallyReadsAsync(_other, changed);
            await CacheOf(_one).RemoveByTagAsync(Key);
        }
    }

    [Fact]
    public async Task A_load_that_a_change_on_the_other_instance_overtakes_is_not_cached()
    {
        var hasRead = new TaskCompletionSource();
        var mayReturn = new TaskCompletionSource();
        var slow = CacheOf(_one).GetOrCreateAsync(
            Key,
            async _ =>
            {
                hasRead.SetResult();
                await mayReturn.Task;
                return "old";
            },
            tags: [Key]).AsTask();
        await hasRead.Task;

        await CacheOf(_other).RemoveByTagAsync(Key);
        Assert.Equal("new", await ReadAsync(_other, "new"));
        mayReturn.SetResult();
        await slow;

        await EventuallyReadsAsync(_one, "new");
        Assert.Equal("new", await ReadAsync(_other, "newest"));
    }

    [Fact]
    public async Task Without_Redis_the_other_instance_serves_its_copy_for_the_local_time_to_live()
    {
        UseRedis(TestRedis.Nowhere, localSeconds: "1");
        await ReadAsync(_one, "old");
        await ReadAsync(_other, "old");

        await CacheOf(_one).RemoveByTagAsync(Key);

        Assert.Equal("new", await ReadAsync(_one, "new"));
        await EventuallyReadsAsync(_other, "new");
    }

    [Fact]
    public async Task A_silent_Redis_delays_a_few_requests_and_then_none()
    {
        // It accepts connections and never replies.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        UseRedis($"{silent.LocalEndpoint}", localSeconds: Hour);
        await ReadAsync(_one, "first");

        var clock = Stopwatch.StartNew();
        for (var number = 0; number < 500; number++)
        {
            var key = $"note:{number}";
            await CacheOf(_one).GetOrCreateAsync(key, _ => ValueTask.FromResult("loaded"), tags: [key]);
            await CacheOf(_one).RemoveByTagAsync(key);
        }

        // 500 reads of 250 ms and 500 writes of 1 s are ten minutes.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Patience);
    }

    [Fact]
    public async Task A_value_that_cannot_be_read_is_loaded_again()
    {
        await _one.Services.GetRequiredService<RedisConnection>().TryAsync(0, (database, _) =>
            database.StringSetAsync(RedisKey(_one), "spoiled"));

        Assert.Equal("new", await ReadAsync(_one, "new"));
    }

    private static HybridCache CacheOf(ApiFactory api) => api.Services.GetRequiredService<HybridCache>();

    private static StackExchange.Redis.RedisKey RedisKey(ApiFactory api) =>
        api.Services.GetRequiredService<RedisConnection>().Key($"v2:{Key}");

    private static async Task<string> ReadAsync(ApiFactory api, string stored) =>
        await CacheOf(api).GetOrCreateAsync(Key, _ => ValueTask.FromResult(stored), tags: [Key]);

    private static Task EventuallyReadsAsync(ApiFactory api, string stored) =>
        Eventually.HoldsAsync(async () => await ReadAsync(api, stored) == stored);

    private void UseRedis(string connectionString, string localSeconds)
    {
        foreach (var api in new[] { _one, _other })
        {
            api.With("ConnectionStrings:Redis", connectionString)
                .With("Cache:TtlSeconds", Hour)
                .With("Cache:LocalSeconds", localSeconds);
        }
    }
}
