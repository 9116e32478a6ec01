using InterviewApi.Core.Configuration;
using InterviewApi.Core.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace InterviewApi.Dependencies;

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
