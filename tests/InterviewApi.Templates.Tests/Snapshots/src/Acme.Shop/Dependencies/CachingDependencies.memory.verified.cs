using System.ComponentModel.DataAnnotations;
using Acme.Shop.Core.Configuration;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ZiggyCreatures.Caching.Fusion;

namespace Acme.Shop.Dependencies;

/// <summary>How long entries of the cache live.</summary>
public sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <value>The time to live of an entry in seconds. The default is 60.</value>
    [Range(1, 86400)]
    public int TtlSeconds { get; set; } = 60;
}

/// <summary>The cache of what is read from the database.</summary>
public static class CachingDependencies
{
    // Entries and tags together. Further entries evict old ones, or are not cached.
    private const int MaxEntries = 20_000;

    /// <summary>
    /// Registers <see cref="HybridCache"/>, with FusionCache behind it: an invalidation by tag also discards a load that is
    /// in flight, which Microsoft's own implementation hands to later readers.
    /// </summary>
    public static IServiceCollection AddCaching(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CacheOptions>().BindSection(CacheOptions.Section);

        // The default cache reads the unnamed options and no others.
        services.AddOptions<FusionCacheOptions>().Configure<IOptions<CacheOptions>>(
            (cache, options) => Configure(cache, TimeSpan.FromSeconds(options.Value.TtlSeconds)));
        var cache = services.AddFusionCache()
            .WithMemoryCache(_ => new MemoryCache(new MemoryCacheOptions { SizeLimit = MaxEntries }))
            .AsHybridCache();
        return services;
    }

    private static void Configure(FusionCacheOptions cache, TimeSpan timeToLive)
    {
        // Up to a tenth shorter, at random, so that entries that were loaded together do not expire together.
        var entries = cache.DefaultEntryOptions;
        entries.Size = 1;
        entries.JitterMaxDuration = timeToLive / 10;
        entries.Duration = timeToLive - entries.JitterMaxDuration;

        // While the database fails, an expired entry is served rather than an error.
        entries.IsFailSafeEnabled = true;
        entries.FailSafeMaxDuration = 10 * timeToLive;
        entries.FailSafeThrottleDuration = TimeSpan.FromSeconds(1);

        // A tag holds the time of its last invalidation. It outlives the entries that it invalidates.
        // By default a tag is never evicted, and tags alone could fill the cache.
        cache.TagsDefaultEntryOptions.Priority = CacheItemPriority.Normal;
        cache.TagsDefaultEntryOptions.Size = 1;
        cache.TagsDefaultEntryOptions.Duration = entries.FailSafeMaxDuration;
        cache.TagsDefaultEntryOptions.DistributedCacheDuration = entries.FailSafeMaxDuration;
        cache.TagsDefaultEntryOptions.FailSafeMaxDuration = entries.FailSafeMaxDuration;
    }
}
