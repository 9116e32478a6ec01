using Acme.Shop.Core.Caching;
using Acme.Shop.Core.Configuration;

namespace Acme.Shop.Dependencies;

/// <summary>The cache of what is read from the database, in the memory of this process.</summary>
public static class CachingDependencies
{
    public static IServiceCollection AddCaching(this IServiceCollection services)
    {
        services.AddCheckedOptions<CacheOptions>(CacheOptions.Section);
        services.AddSingleton<CacheLifetime>();
        services.AddSingleton(typeof(IReadCache<>), typeof(MemoryReadCache<>));
        return services;
    }
}
