using Acme.Shop.Core.Redis;
using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane.StackExchangeRedis;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace Acme.Shop.Dependencies;

/// <summary>Redis as the second cache level, and the backplane that invalidates the memory of all instances.</summary>
public static class RedisCacheDependencies
{
    public static void ShareOverRedis(this IFusionCacheBuilder cache)
    {
        cache.Services.AddRedis();
        cache.Services.AddOptions<FusionCacheOptions>().Configure<IOptions<CacheOptions>>(
            (fusion, options) => Configure(fusion, TimeSpan.FromSeconds(options.Value.LocalSeconds)));
        cache
            .WithSerializer(new FusionCacheSystemTextJsonSerializer(new JsonSerializerOptions { IncludeFields = true }))
            .WithDistributedCache(provider => new RedisDistributedCache(provider.GetRequiredService<RedisConnection>()))
            .WithBackplane(provider => new RedisBackplane(new RedisBackplaneOptions
            {
                ConnectionMultiplexerFactory = async () => await provider.GetRequiredService<RedisConnection>().ConnectAsync(),
            }))

            // Invalidations may have been missed in the meantime, here or on other instances.
            .WithPostSetup((provider, fusion) => provider.GetRequiredService<RedisConnection>().OnRecovered =
                async () => await fusion.ClearAsync());
    }

    private static void Configure(FusionCacheOptions cache, TimeSpan local)
    {
        // Requests do not wait for Redis to store the loaded value. Other instances are notified only of invalidations,
        // which are separate entries. An entry that another release wrote is a miss.
        var entries = cache.DefaultEntryOptions;
        entries.DistributedCacheDuration = entries.Duration;
        entries.JitterMaxDuration = local / 10;
        entries.MemoryCacheDuration = local - entries.JitterMaxDuration;
        entries.AllowBackgroundDistributedCacheOperations = true;
        entries.SkipBackplaneNotifications = true;
        entries.ReThrowSerializationExceptions = false;
        cache.TagsDefaultEntryOptions.MemoryCacheDuration = local;

        // Resend invalidations that did not reach Redis. RedisConnection logs once what would be logged for each command.
        cache.AutoRecoveryDelay = TimeSpan.FromSeconds(1);
        cache.AutoRecoveryMaxItems = 10_000;
        cache.DistributedCacheErrorsLogLevel = LogLevel.Debug;
        cache.BackplaneErrorsLogLevel = LogLevel.Debug;
    }
}

/// <summary>The cache entries that all instances share. Without Redis, reads are misses and writes fail immediately.</summary>
// No other read waits while the reply to one is overdue.
public sealed class RedisDistributedCache(RedisConnection redis) : IDistributedCache
{
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromMilliseconds(250);

    private Task? _overdue;

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        if (_overdue is { IsCompleted: false })
        {
            return null;
        }

        var reply = redis.TryAsync(redis.Key(key), static (database, key) => database.StringGetAsync(key));
        try
        {
            return (await reply.WaitAsync(ReadTimeout, token)).Value;
        }
        catch (TimeoutException)
        {
            _overdue = reply;
            return null;
        }
    }

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        var timeToLive = options.AbsoluteExpirationRelativeToNow ?? options.AbsoluteExpiration!.Value - DateTimeOffset.UtcNow;
        return WriteAsync((database, name) => database.StringSetAsync(name, value, timeToLive), key, token);
    }

    public Task RemoveAsync(string key, CancellationToken token = default) =>
        WriteAsync((database, name) => database.KeyDeleteAsync(name), key, token);

    public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

    public byte[]? Get(string key) => throw new NotSupportedException();

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    public void Refresh(string key) => throw new NotSupportedException();

    public void Remove(string key) => throw new NotSupportedException();

    private async Task WriteAsync(Func<IDatabase, RedisKey, Task<bool>> command, string key, CancellationToken token)
    {
        if (!(await redis.TryAsync(redis.Key(key), command).WaitAsync(RedisConnection.Timeout, token)).IsAnswered)
        {
            throw new RedisException("Redis is unavailable.");
        }
    }
}
