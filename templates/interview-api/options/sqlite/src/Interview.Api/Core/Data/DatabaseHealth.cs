using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static SQLitePCL.raw;

namespace InterviewApi.Core.Data;

/// <summary>Distinguishes a database that is unavailable from a fault of the application.</summary>
public static class DatabaseErrors
{
    /// <summary>
    /// Whether the file is locked for too long, the disk is full, or the file cannot be opened, read or written now. A
    /// later retry may succeed.
    /// </summary>
    public static bool IsUnavailable(Exception? exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is SQLITE_BUSY or SQLITE_LOCKED or SQLITE_PROTOCOL
            or SQLITE_READONLY or SQLITE_PERM or SQLITE_CANTOPEN or SQLITE_IOERR or SQLITE_FULL or SQLITE_NOMEM,
        _ => exception is not null && IsUnavailable(exception.InnerException),
    };

    /// <summary>Whether a unique or foreign key constraint refused a change.</summary>
    public static bool IsConflict(Exception? exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is SQLITE_CONSTRAINT_UNIQUE
            or SQLITE_CONSTRAINT_PRIMARYKEY or SQLITE_CONSTRAINT_FOREIGNKEY,
        _ => exception is not null && IsConflict(exception.InnerException),
    };
}

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
        settings.Mode = settings.Mode == SqliteOpenMode.ReadWriteCreate ? SqliteOpenMode.ReadWrite : settings.Mode;
        await using var connection = new SqliteConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new SqliteCommand("PRAGMA schema_version", connection);
        await command.ExecuteScalarAsync(cancellationToken);

        var isWritable = sqlite3_db_readonly(connection.Handle, "main") == 0;
        var folder = Path.GetDirectoryName(Path.GetFullPath(connection.DataSource))!;
        return isWritable && new DriveInfo(folder).AvailableFreeSpace >= MinFreeBytes
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus);
    }
}
