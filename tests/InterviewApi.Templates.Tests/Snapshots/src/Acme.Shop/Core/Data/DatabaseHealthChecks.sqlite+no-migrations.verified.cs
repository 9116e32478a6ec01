using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static SQLitePCL.raw;

namespace Acme.Shop.Core.Data;

/// <summary>
/// Unhealthy while the file cannot be read, cannot be written, or has no room to grow. It takes no lock, so it neither
/// waits for nor delays a writer.
/// </summary>
public sealed class DatabaseHealthCheck(AppDbContext db) : IHealthCheck
{
    private const long MinFreeBytes = 1024 * 1024;

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
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
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus);
    }
}
