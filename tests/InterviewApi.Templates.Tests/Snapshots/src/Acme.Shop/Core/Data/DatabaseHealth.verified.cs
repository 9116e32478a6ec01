@@ database=sqlite
using Microsoft.Data.Sqlite;
@@ always
using Microsoft.Extensions.Diagnostics.HealthChecks;
@@ database=sqlite
using static SQLitePCL.raw;
@@ database=postgres
using Npgsql;
@@ always

namespace Acme.Shop.Core.Data;

/// <summary>Distinguishes a database that is unavailable from a fault of the application.</summary>
public static class DatabaseErrors
{
    /// <summary>
@@ database=sqlite
    /// Whether the file is locked for too long, the disk is full, or the file cannot be opened, read or written now. A
    /// later retry may succeed.
@@ database=postgres
    /// Whether the server cannot be reached, refuses the connection, does not accept writes, or cannot complete a
    /// command now. A later retry may succeed.
@@ always
    /// </summary>
    public static bool IsUnavailable(Exception? exception) => exception switch
    {
@@ database=sqlite
        SqliteException sqlite => sqlite.SqliteErrorCode is SQLITE_BUSY or SQLITE_LOCKED or SQLITE_PROTOCOL
            or SQLITE_READONLY or SQLITE_PERM or SQLITE_CANTOPEN or SQLITE_IOERR or SQLITE_FULL or SQLITE_NOMEM,
@@ database=postgres
        NpgsqlException { IsTransient: true } => true,
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InvalidCatalogName } => true,
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => true,

        // The time limits of a transaction.
        PostgresException { SqlState: "25P03" or "25P04" } => true,

        // A class of errors: connection, authorization, rollback such as a deadlock, resources such as memory or disk,
        // operator such as a shutdown or a time limit, system such as the disk.
        PostgresException postgres => postgres.SqlState[..2] is "08" or "28" or "40" or "53" or "57" or "58",
@@ always
        _ => exception is not null && IsUnavailable(exception.InnerException),
    };

    /// <summary>Whether a unique or foreign key constraint refused a change.</summary>
    public static bool IsConflict(Exception? exception) => exception switch
    {
@@ database=sqlite
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is SQLITE_CONSTRAINT_UNIQUE
            or SQLITE_CONSTRAINT_PRIMARYKEY or SQLITE_CONSTRAINT_FOREIGNKEY,
@@ database=postgres
        PostgresException postgres => postgres.SqlState is
            PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation,
@@ always
        _ => exception is not null && IsConflict(exception.InnerException),
    };
}

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
@@ database=sqlite
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
@@ database=postgres
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await db.Database.SqlQuery<string>($"SHOW transaction_read_only").ToListAsync(cancellationToken) is ["off"]
@@ always
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus);
@@ database=sqlite
    }
@@ always
}
