using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Acme.Shop.Core.Data;

/// <summary>
/// Sets up each connection. SQLite keeps all of these settings but the journal mode per connection, and a restored backup
/// has lost the journal mode, too.
/// </summary>
public sealed class SqliteConnectionSettings(SqliteSynchronous synchronous) : DbConnectionInterceptor
{
    // Readers and a writer do not block each other with the write-ahead log. The wait for another writer comes first,
    // because switching the journal mode takes a lock. A read-only file keeps the journal mode it has.
    private readonly string _settings =
        $"PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA synchronous = {synchronous};";

    // SQLite's own function knows ASCII letters only.
    public override DbConnection ConnectionCreated(ConnectionCreatedEventData eventData, DbConnection result)
    {
        ((SqliteConnection)result).CreateFunction("lower", (string? text) => text?.ToLowerInvariant(), isDeterministic: true);
        return result;
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = CreateCommand(connection);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = CreateCommand(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private DbCommand CreateCommand(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = _settings;
        return command;
    }
}

/// <summary>How SQLite writes.</summary>
public sealed class SqliteOptions
{
    public const string Section = "Sqlite";

    /// <value>With <c>Normal</c> commits are faster, and a power failure can lose the last ones.</value>
    [EnumDataType(typeof(SqliteSynchronous))]
    public SqliteSynchronous Synchronous { get; set; } = SqliteSynchronous.Full;
}

/// <summary>When SQLite waits until what it wrote is on the disk.</summary>
public enum SqliteSynchronous
{
    /// <summary>At checkpoints: a power failure can lose the last commits. A crash of the process loses nothing.</summary>
    Normal,

    /// <summary>At each commit: a confirmed change survives a power failure.</summary>
    Full,
}

/// <summary>
/// Stores times as text in UTC, whose order is that of the times. EF Core does not translate a comparison of times with
/// an offset on SQLite, but it does translate one of text.
/// </summary>
public sealed class StoredTimeConverter() : ValueConverter<DateTimeOffset, string>(
    time => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
    text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture));
