using Acme.Shop.Core.RateLimiting;

namespace Acme.Shop.Dependencies;

/// <summary>Where requests are counted.</summary>
public static class RateLimitCounterDependencies
{
    public static void AddRateLimitCounter(this IServiceCollection services)
    {
        services.AddSingleton<LocalRateLimitCounter>();
        services.AddSingleton<IRateLimitCounter, RedisRateLimitCounter>();
    }
}
