using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Acme.Shop.Tests.Support;

/// <summary>
/// A PostgreSQL database that is dropped when the tests that use it are done. The server is that of the environment
/// variable <c>ConnectionStrings__Database</c>, otherwise the local one.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string LocalServer = "Host=localhost;Username=postgres;Database=postgres";

    private readonly NpgsqlConnectionStringBuilder _server =
        new(Environment.GetEnvironmentVariable("ConnectionStrings__Database") ?? LocalServer);

    private readonly string _name = $"test_{Guid.NewGuid():N}";

    // Each test class has a pool of its own, so it is kept small.
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = _name, MaxPoolSize = 10 }.ConnectionString;

    /// <summary>What EF Core throws when the server is away for longer than commands are repeated.</summary>
    public static Exception Away(string message) =>
        new RetryLimitExceededException(message, new NpgsqlException(message, new TimeoutException()));

    public Task CreateAsync() => ExecuteAsync($"CREATE DATABASE {_name}");

    public async ValueTask DisposeAsync() => await ExecuteAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(_server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
