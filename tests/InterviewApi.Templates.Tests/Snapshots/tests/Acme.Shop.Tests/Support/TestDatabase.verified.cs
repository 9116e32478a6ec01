using System.Data.Common;
@@ database=postgres
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
@@ database=sqlite
using Microsoft.Data.Sqlite;
@@ always

namespace Acme.Shop.Tests.Support;

@@ database=postgres
/// <summary>
/// A PostgreSQL database that EF Core creates, and that is dropped when the tests that use it are done. The server is that
/// of the environment variable <c>ConnectionStrings__Database</c>, otherwise the local one.
/// </summary>
@@ database=sqlite
/// <summary>A SQLite file that is deleted when the tests that use it are done.</summary>
@@ always
public sealed class TestDatabase : IAsyncDisposable
{
@@ database=postgres
    private const string LocalServer = "Host=localhost;Username=postgres;Database=postgres";

    private static readonly NpgsqlConnectionStringBuilder Server =
        new(Environment.GetEnvironmentVariable("ConnectionStrings__Database") ?? LocalServer);

    private readonly string _name = $"test_{Guid.NewGuid():N}";
@@ database=sqlite
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("acme-shop-tests-");
@@ always

@@ database=postgres
    // Each test class has a pool of its own, so it is kept small.
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Database = _name, MaxPoolSize = 10 }.ConnectionString;
@@ database=sqlite
    public string ConnectionString => $"Data Source={Path.Combine(_folder.FullName, "test.db")}";
@@ always

@@ database=postgres
    /// <value>A connection that can read and not write, as on a standby.</value>
    public string ReadOnly => $"{ConnectionString};Options=-c default_transaction_read_only=on";
@@ database=sqlite
    /// <value>A connection that can read and not write.</value>
    public string ReadOnly => $"{ConnectionString};Mode=ReadOnly";
@@ always

@@ database=postgres
    /// <value>A connection that waits a second for a command.</value>
    public string Impatient => $"{ConnectionString};Command Timeout=1";
@@ database=sqlite
    /// <value>A connection that waits a second for a lock.</value>
    public string Impatient => $"{ConnectionString};Default Timeout=1";
@@ always

@@ database=postgres
    /// <summary>The exception of EF Core when the server is unavailable for longer than commands are repeated.</summary>
    public static Exception Unavailable(string message) =>
        new RetryLimitExceededException(message, new NpgsqlException(message, new TimeoutException()));
@@ database=sqlite
    /// <summary>The exception of the driver when the file is locked for too long.</summary>
    public static Exception Unavailable(string message) => new SqliteException(message, SQLitePCL.raw.SQLITE_BUSY);
@@ always

@@ database=postgres
    /// <summary>Holds a lock on every table, which lets others read and not write, until what is returned is disposed.</summary>
@@ database=sqlite
    /// <summary>Holds the lock of a writer until what is returned is disposed.</summary>
@@ always
    public async Task<DbConnection> LockAsync()
    {
@@ database=postgres
        var connection = new NpgsqlConnection(ConnectionString);
@@ database=sqlite
        var connection = new SqliteConnection(ConnectionString);
@@ always
        await connection.OpenAsync();
@@ database=postgres
        await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(
            """
            DO $$ DECLARE name regclass; BEGIN
            FOR name IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
            EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', name); END LOOP; END $$
            """,
            connection);
        await command.ExecuteNonQueryAsync();
@@ database=sqlite
        connection.BeginTransaction(deferred: false);
@@ always
        return connection;
    }

@@ database=postgres
    public async ValueTask DisposeAsync()
@@ database=sqlite
    public ValueTask DisposeAsync()
@@ always
    {
@@ database=postgres
        await using var connection = new NpgsqlConnection(Server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)", connection);
        await command.ExecuteNonQueryAsync();
@@ database=sqlite
        // Open connections in the pool would keep the file locked on Windows.
        foreach (var connectionString in new[] { ConnectionString, ReadOnly, Impatient })
        {
            using var connection = new SqliteConnection(connectionString);
            SqliteConnection.ClearPool(connection);
        }

        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
@@ always
    }
}
