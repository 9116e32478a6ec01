using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Acme.Shop.Core.Data;

/// <summary>
/// Configures each connection. All of these settings except the journal mode apply to one connection, and a restored
/// backup loses the journal mode too.
/// </summary>
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

/// <summary>
/// Writes a span for each command, because the SQLite driver has none. It contains the command, without the values of
/// its parameters.
/// </summary>
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
