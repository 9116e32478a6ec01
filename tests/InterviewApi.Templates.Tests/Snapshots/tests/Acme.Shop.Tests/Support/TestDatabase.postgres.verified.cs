using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Acme.Shop.Tests.Support;

/// <summary>
/// A PostgreSQL database that EF Core creates, and that is dropped when the tests that use it are done. The server is that
/// of the environment variable <c>ConnectionStrings__Database</c>, otherwise the local one.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string LocalServer = "Host=localhost;Username=postgres;Database=postgres";

    private static readonly NpgsqlConnectionStringBuilder Server =
        new(Environment.GetEnvironmentVariable("ConnectionStrings__Database") ?? LocalServer);

    private readonly string _name = $"test_{Guid.NewGuid():N}";

    // Each test class has a pool of its own, so it is kept small.
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Database = _name, MaxPoolSize = 10 }.ConnectionString;

    /// <value>A connection that can read and not write, as on a standby.</value>
    public string ReadOnly => $"{ConnectionString};Options=-c default_transaction_read_only=on";

    /// <value>A connection that waits a second for a command.</value>
    public string Impatient => $"{ConnectionString};Command Timeout=1";

    /// <summary>The exception of EF Core when the server is unavailable for longer than commands are repeated.</summary>
    public static Exception Unavailable(string message) =>
        new RetryLimitExceededException(message, new NpgsqlException(message, new TimeoutException()));

    /// <summary>Holds a lock on every table, which lets others read and not write, until what is returned is disposed.</summary>
    public async Task<DbConnection> LockAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(
            """
            DO $$ DECLARE name regclass; BEGIN
            FOR name IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
            EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', name); END LOOP; END $$
            """,
            connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await using var connection = new NpgsqlConnection(Server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)", connection);
        await command.ExecuteNonQueryAsync();
    }
}
