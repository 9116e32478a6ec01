@@ database=sqlite
using Microsoft.Data.Sqlite;
@@ always
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
@@ database=sqlite
using static SQLitePCL.raw;
@@ always

namespace Acme.Shop.Core.Data;

/// <summary>
@@ database=sqlite
/// Unhealthy while the file cannot be read, cannot be written, or has no room to grow. It takes no lock, so it neither
/// waits for nor delays a writer.
@@ database=postgres
/// Unhealthy while the server cannot be reached or does not accept writes, as a standby in recovery does. It writes
/// nothing and takes no lock.
@@ always
/// </summary>
public sealed class DatabaseHealthCheck(AppDbContext db) : IHealthCheck
{
@@ database=sqlite
    private const long MinFreeBytes = 1024 * 1024;

@@ always
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
@@ database=sqlite
        // A new connection, because a pooled one keeps the file permissions from when it was opened.
        var settings = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()) { Pooling = false };
        if (settings.Mode == SqliteOpenMode.ReadWriteCreate)
        {
            settings.Mode = SqliteOpenMode.ReadWrite;
        }

        await using var connection = new SqliteConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA schema_version";
        await command.ExecuteScalarAsync(cancellationToken);

        var isWritable = sqlite3_db_readonly(connection.Handle, "main") == 0;
        var folder = Path.GetDirectoryName(Path.GetFullPath(connection.DataSource))!;
        return isWritable && new DriveInfo(folder).AvailableFreeSpace >= MinFreeBytes
@@ database=postgres
        var readOnly = await db.Database
            .SqlQuery<string>($"SHOW transaction_read_only")
            .ToListAsync(cancellationToken);
        return readOnly is ["off"]
@@ always
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus);
    }
}
@@ migrations=true

/// <summary>Unhealthy while the database lacks a migration, so that a rollout stops before it serves errors.</summary>
public sealed class MigrationHealthCheck(AppDbContext db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any()
            ? new HealthCheckResult(context.Registration.FailureStatus)
            : HealthCheckResult.Healthy();
}
