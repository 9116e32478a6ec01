using Acme.Shop.Core.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Acme.Shop.Dependencies;

/// <summary>What has to work before this instance may receive requests.</summary>
public static class HealthDependencies
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        var checks = services.AddHealthChecks();
        checks.AddCheck<DatabaseHealthCheck>("database", HealthStatus.Unhealthy, tags: [], Timeout);
        return services;
    }
}
