using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Acme.Shop.Core.Data;

/// <summary>Unhealthy while the database lacks a migration of this version, so that a rollout stops before it serves errors.</summary>
public sealed class MigrationHealthCheck(AppDbContext db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any()
            ? new HealthCheckResult(context.Registration.FailureStatus)
            : HealthCheckResult.Healthy();
}
