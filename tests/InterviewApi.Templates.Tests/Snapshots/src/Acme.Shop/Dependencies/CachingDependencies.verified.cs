using System.ComponentModel.DataAnnotations;
using Acme.Shop.Core.Configuration;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ZiggyCreatures.Caching.Fusion;

namespace Acme.Shop.Dependencies;

/// <summary>The lifetime of cache entries.</summary>
public sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <value>The time to live of an entry in seconds. The default is 60.</value>
    [Range(1, 86400)]
    public int TtlSeconds { get; set; } = 60;
}

/// <summary>The cache for data from the database.</summary>
public static class CachingDependencies
{
    // Counts entries and tags. Beyond this limit, new entries evict old ones or are not cached.
    private const int MaxEntries = 20_000;

    /// <summary>
    /// Registers <see cref="HybridCache"/>, implemented by FusionCache: an invalidation by tag also discards a load
    /// that is in flight, which Microsoft's own implementation returns to later readers.
    /// </summary>
    public static IServiceCollection AddCaching(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CacheOptions>().BindSection(CacheOptions.Section);

        // The default cache reads only the unnamed options.
        services.AddOptions<FusionCacheOptions>().Configure<IOptions<CacheOptions>>(
            (cache, options) => Configure(cache, TimeSpan.FromSeconds(options.Value.TtlSeconds)));
        var cache = services.AddFusionCache()
            .WithMemoryCache(_ => new MemoryCache(new MemoryCacheOptions { SizeLimit = MaxEntries }))
            .AsHybridCache();
@@ cache=redis|none
        cache.ShareOverRedis();
@@ always
        return services;
    }

    private static void Configure(FusionCacheOptions cache, TimeSpan timeToLive)
    {
        // Shorten by up to a tenth, at random, so that entries that were loaded together do not expire together.
        var entries = cache.DefaultEntryOptions;
        entries.Size = 1;
        entries.JitterMaxDuration = timeToLive / 10;
        entries.Duration = timeToLive - entries.JitterMaxDuration;

        // While the database fails, serve expired entries instead of errors.
        entries.IsFailSafeEnabled = true;
        entries.FailSafeMaxDuration = 10 * timeToLive;
        entries.FailSafeThrottleDuration = TimeSpan.FromSeconds(1);

        // A tag holds the time of its last invalidation. It outlives the entries that it invalidates.
        // By default tags are never evicted, so tags alone could fill the cache.
        cache.TagsDefaultEntryOptions.Priority = CacheItemPriority.Normal;
        cache.TagsDefaultEntryOptions.Size = 1;
        cache.TagsDefaultEntryOptions.Duration = entries.FailSafeMaxDuration;
        cache.TagsDefaultEntryOptions.DistributedCacheDuration = entries.FailSafeMaxDuration;
        cache.TagsDefaultEntryOptions.FailSafeMaxDuration = entries.FailSafeMaxDuration;
    }
}
