using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using InterviewApi.Core.Configuration;
using InterviewApi.Core.Redis;
using Microsoft.Extensions.Options;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane.StackExchangeRedis;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace InterviewApi.Dependencies;

/// <summary>How the two levels of the cache work together.</summary>
public sealed class CacheLevelOptions
{
    public const string Section = CacheOptions.Section;

    /// <value>
    /// How long an instance uses its copy of an entry in memory, in seconds, before it looks into Redis again. The default
    /// is 5. An instance that cannot reach Redis may serve a value that is this old.
    /// </value>
    [Range(1, 3600)]
    public int LocalSeconds { get; set; } = 5;
}

/// <summary>Redis as the second level of the cache, and as the channel that invalidates the memory of all instances.</summary>
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

        // A request does not wait until what it loaded is in Redis. Other instances need no notice of it: only of an
        // invalidation, which is an entry of its own.
        entries.AllowBackgroundDistributedCacheOperations = true;
        entries.SkipBackplaneNotifications = true;

        // What an instance of another release wrote is a miss.
        entries.ReThrowSerializationExceptions = false;

        // An invalidation that did not reach Redis is sent again.
        cache.AutoRecoveryDelay = TimeSpan.FromSeconds(1);
        cache.AutoRecoveryMaxItems = 10_000;

        // Each would repeat for every command what RedisConnection logs once.
        cache.DistributedCacheErrorsLogLevel = LogLevel.Debug;
        cache.BackplaneErrorsLogLevel = LogLevel.Debug;
    }
}
