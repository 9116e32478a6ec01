using Acme.Shop.Core.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Acme.Shop.Dependencies;

/// <summary>What has to work before this instance may receive requests.</summary>
public static class HealthDependencies
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<DatabaseHealthCheck>(
            "database", HealthStatus.Unhealthy, tags: [], timeout: TimeSpan.FromSeconds(2));
        return services;
    }
}
