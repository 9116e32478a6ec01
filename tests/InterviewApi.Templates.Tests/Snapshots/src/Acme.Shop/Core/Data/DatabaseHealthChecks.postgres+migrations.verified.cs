using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Acme.Shop.Core.Data;

/// <summary>
/// Unhealthy while the server cannot be reached or does not accept writes, as a standby in recovery does. It writes
/// nothing and takes no lock.
/// </summary>
public sealed class DatabaseHealthCheck(AppDbContext db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var readOnly = await db.Database
            .SqlQuery<string>($"SHOW transaction_read_only")
            .ToListAsync(cancellationToken);
        return readOnly is ["off"]
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus);
    }
}

/// <summary>Unhealthy while the database lacks a migration, so that a rollout stops before it serves errors.</summary>
public sealed class MigrationHealthCheck(AppDbContext db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any()
            ? new HealthCheckResult(context.Registration.FailureStatus)
            : HealthCheckResult.Healthy();
}
