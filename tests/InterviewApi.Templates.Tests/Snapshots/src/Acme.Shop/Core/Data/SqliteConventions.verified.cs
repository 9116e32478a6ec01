using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static SQLitePCL.raw;

namespace Acme.Shop.Core.Data;

/// <summary>Configures each connection, because these settings apply to one, and a restored backup loses the journal mode.</summary>
public sealed class SqliteConnectionSettings(SqliteSynchronous synchronous) : DbConnectionInterceptor
{
    // With the write-ahead log, readers and a writer do not block each other. The busy timeout comes first, because
    // switching the journal mode takes a lock. A read-only file keeps its journal mode.
    private readonly string _settings =
        $"PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA synchronous = {synchronous};";

    // SQLite's own function supports only ASCII letters.
    public override DbConnection ConnectionCreated(ConnectionCreatedEventData eventData, DbConnection result)
    {
        ((SqliteConnection)result).CreateFunction("lower", (string? text) => text?.ToLowerInvariant(), isDeterministic: true);
        return result;
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = new SqliteCommand(_settings, (SqliteConnection)connection);
        command.ExecuteNonQuery();
    }

    // The driver has no asynchronous commands.
    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}

/// <summary>The write settings of SQLite.</summary>
public sealed class SqliteOptions
{
    /// <value>With <c>Normal</c>, commits are faster, but a power failure can lose the last ones.</value>
    [EnumDataType(typeof(SqliteSynchronous))]
    public SqliteSynchronous Synchronous { get; set; } = SqliteSynchronous.Full;
@@ migrations=true

    /// <value>How long to wait, in seconds, for another process that is migrating the database.</value>
    [Range(1, 86_400)]
    public int MigrationLockSeconds { get; set; } = 30;
@@ always
}

/// <summary>When SQLite flushes its writes to the disk.</summary>
public enum SqliteSynchronous
{
    /// <summary>At checkpoints: a power failure can lose the last commits; a process crash loses nothing.</summary>
    Normal,

    /// <summary>At each commit: a confirmed change survives a power failure.</summary>
    Full,
}

/// <summary>Stores times as sortable text in UTC: EF Core cannot compare times with an offset on SQLite.</summary>
public sealed class StoredTimeConverter() : ValueConverter<DateTimeOffset, string>(
    time => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
    text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture));

/// <summary>Writes a span for each command, without parameter values, because the SQLite driver writes no spans.</summary>
internal static class CommandSpans
{
    public static bool IsEnabled(EventId id, LogLevel level) =>
        Telemetry.Spans.HasListeners() && (id == RelationalEventId.CommandExecuted || id == RelationalEventId.CommandError);

    public static void Write(EventData data)
    {
        var command = (CommandEndEventData)data;
        using var span = Telemetry.Spans.StartActivity(ActivityKind.Client, startTime: command.StartTime, name: "sqlite");
        span?.SetTag("db.system.name", "sqlite");
        span?.SetTag("db.query.text", command.Command.CommandText);
        span?.SetEndTime((command.StartTime + command.Duration).UtcDateTime);
        if (data is CommandErrorEventData)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }
}

/// <summary>Distinguishes a database that is unavailable from a fault of the application.</summary>
public static class DatabaseErrors
{
    /// <summary>Whether the file is locked, full, or cannot be opened, read or written now. A later retry may succeed.</summary>
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

/// <summary>Unhealthy while the file cannot be read, written or grow. It takes no lock.</summary>
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
