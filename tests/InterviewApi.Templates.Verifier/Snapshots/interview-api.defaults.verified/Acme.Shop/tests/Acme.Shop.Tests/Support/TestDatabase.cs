using Microsoft.Data.Sqlite;

namespace Acme.Shop.Tests.Support;

/// <summary>A SQLite file that is deleted when the tests that use it are done.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("acme-shop-tests-");

    public string ConnectionString => $"Data Source={Path.Combine(_folder.FullName, "test.db")}";

    /// <summary>What the driver throws when the file is locked for too long.</summary>
    public static Exception Away(string message) => new SqliteException(message, SQLitePCL.raw.SQLITE_BUSY);

    public Task CreateAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        // Open connections in the pool would keep the file locked on Windows.
        using (var connection = new SqliteConnection(ConnectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
