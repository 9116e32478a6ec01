using Acme.Shop.Core.Caching;
using Acme.Shop.Core.Configuration;

namespace Acme.Shop.Dependencies;

/// <summary>The cache of what is read from the database, in Redis for all instances together.</summary>
public static class CachingDependencies
{
    public static IServiceCollection AddCaching(this IServiceCollection services)
    {
        services.AddRedis();
        services.AddCheckedOptions<CacheOptions>(CacheOptions.Section);
        services.AddCheckedOptions<CacheLeaseOptions>(CacheLeaseOptions.Section);
        services.AddSingleton<CacheLifetime>();
        services.AddSingleton(typeof(IReadCache<>), typeof(RedisReadCache<>));
        services.AddSingleton<RedisCacheLease>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisCacheLease>());
        return services;
    }
}
