using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Acme.Shop.Tests.Support;

/// <summary>A SQLite file that is deleted when the tests that use it are done.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("acme-shop-tests-");

    public string ConnectionString => $"Data Source={Path.Combine(_folder.FullName, "test.db")}";

    /// <value>A connection that can read and not write.</value>
    public string ReadOnly => $"{ConnectionString};Mode=ReadOnly";

    /// <value>A connection that waits a second for a lock.</value>
    public string Impatient => $"{ConnectionString};Default Timeout=1";

    /// <summary>The exception of the driver when the file is locked for too long.</summary>
    public static Exception Unavailable(string message) => new SqliteException(message, SQLitePCL.raw.SQLITE_BUSY);

    /// <summary>Holds the lock of a writer until what is returned is disposed.</summary>
    public async Task<DbConnection> LockAsync()
    {
        var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync();
        connection.BeginTransaction(deferred: false);
        return connection;
    }

    public ValueTask DisposeAsync()
    {
        // Open connections in the pool would keep the file locked on Windows.
        foreach (var connectionString in new[] { ConnectionString, ReadOnly, Impatient })
        {
            using var connection = new SqliteConnection(connectionString);
            SqliteConnection.ClearPool(connection);
        }

        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
