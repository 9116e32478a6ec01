using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Acme.Shop.Dependencies;

/// <summary>The connection to Redis, which all instances share.</summary>
public static class RedisDependencies
{
    public static IServiceCollection AddRedis(this IServiceCollection services)
    {
        services.AddCheckedOptions<RedisOptions>(RedisOptions.Section);
        services.AddSingleton<RedisConnection>();
        services.AddHealthChecks().AddCheck<RedisHealthCheck>(
            "redis", HealthStatus.Degraded, tags: [], timeout: TimeSpan.FromSeconds(2));
        return services;
    }
}
