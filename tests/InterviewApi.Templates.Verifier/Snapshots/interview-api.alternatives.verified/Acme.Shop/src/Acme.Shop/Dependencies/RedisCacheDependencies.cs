using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Redis;
using Microsoft.Extensions.Options;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane.StackExchangeRedis;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace Acme.Shop.Dependencies;

/// <summary>How the two levels of the cache work together.</summary>
public sealed class CacheLevelOptions
{
    public const string Section = CacheOptions.Section;

    /// <value>
    /// How long, in seconds, an instance uses its in-memory copy of an entry before it reads Redis again. The default
    /// is 5. An instance that cannot reach Redis may serve a value this old.
    /// </value>
    [Range(1, 3600)]
    public int LocalSeconds { get; set; } = 5;
}

/// <summary>Redis as the second cache level, and the backplane that invalidates the memory of all instances.</summary>
public static class RedisCacheDependencies
{
    public static void ShareOverRedis(this IFusionCacheBuilder cache)
    {
        cache.Services.AddRedis();
        cache.Services.AddOptionsWithValidateOnStart<CacheLevelOptions>().BindSection(CacheLevelOptions.Section);
        cache.Services.AddOptions<FusionCacheOptions>().Configure<IOptions<CacheLevelOptions>>(
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
        var entries = cache.DefaultEntryOptions;
        entries.DistributedCacheDuration = entries.Duration;
        entries.JitterMaxDuration = local / 10;
        entries.MemoryCacheDuration = local - entries.JitterMaxDuration;
        cache.TagsDefaultEntryOptions.MemoryCacheDuration = local;

        // Requests do not wait for Redis to store the loaded value. Other instances are not notified of it, but only of
        // invalidations, which are separate entries.
        entries.AllowBackgroundDistributedCacheOperations = true;
        entries.SkipBackplaneNotifications = true;

        // An entry that another release wrote is a miss.
        entries.ReThrowSerializationExceptions = false;

        // Resend invalidations that did not reach Redis.
        cache.AutoRecoveryDelay = TimeSpan.FromSeconds(1);
        cache.AutoRecoveryMaxItems = 10_000;

        // These would log for every command what RedisConnection logs once.
        cache.DistributedCacheErrorsLogLevel = LogLevel.Debug;
        cache.BackplaneErrorsLogLevel = LogLevel.Debug;
    }
}
