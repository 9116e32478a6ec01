using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using ZiggyCreatures.Caching.Fusion;

namespace Acme.Shop.Dependencies;

/// <summary>The lifetime of cache entries.</summary>
public sealed class CacheOptions
{
    /// <value>The time to live of an entry in seconds. The default is 60.</value>
    [Range(1, 86400)]
    public int TtlSeconds { get; set; } = 60;
@@ cache=redis|none

    /// <value>Seconds that an instance uses its in-memory copy, which may be old without Redis. The default is 5.</value>
    [Range(1, 3600)]
    public int LocalSeconds { get; set; } = 5;
@@ always
}

/// <summary>The cache for data from the database.</summary>
public static class CachingDependencies
{
    // Counts entries and tags. Beyond this limit, new entries evict old ones or are not cached.
    private const int MaxEntries = 20_000;

    /// <summary>Registers <see cref="HybridCache"/>, implemented by FusionCache.</summary>
    // An invalidation by tag also discards a load in flight, which Microsoft's implementation returns to later readers.
    public static void AddCaching(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CacheOptions>().BindSection("Cache");
        services.AddOptions<FusionCacheOptions>().Configure<IOptions<CacheOptions>>(
            (cache, options) => Configure(cache, TimeSpan.FromSeconds(options.Value.TtlSeconds)));
        var cache = services.AddFusionCache()
            .WithMemoryCache(_ => new MemoryCache(new MemoryCacheOptions { SizeLimit = MaxEntries }))
            .AsHybridCache();
@@ cache=redis|none
        cache.ShareOverRedis();
@@ always
    }

    private static void Configure(FusionCacheOptions cache, TimeSpan timeToLive)
    {
        // A tenth is random, so that entries loaded together do not expire together. While the database fails, expired
        // entries are served instead of errors.
        var longest = 10 * timeToLive;
        cache.DefaultEntryOptions.SetSize(1)
            .SetDuration(0.9 * timeToLive).SetJittering(0.1 * timeToLive)
            .SetFailSafe(true, longest, throttleDuration: TimeSpan.FromSeconds(1));

        // A list that was invalidated is not served even if the next load fails.
        cache.RemoveByTagBehavior = RemoveByTagBehavior.Remove;

        // A tag holds the time of its last invalidation, for as long as an entry can be served. It may be evicted; otherwise tags
        // alone could fill the cache. Its entries then count as valid again, so an invalidation removes them too.
        cache.TagsDefaultEntryOptions.SetSize(1).SetPriority(CacheItemPriority.Normal)
            .SetDuration(longest).SetDistributedCacheDuration(longest).FailSafeMaxDuration = longest;
    }
}
