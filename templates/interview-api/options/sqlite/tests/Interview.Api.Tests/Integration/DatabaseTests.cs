using System.ComponentModel.DataAnnotations;
using InterviewApi.Core.Data;
using InterviewApi.Dependencies;
using InterviewApi.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace InterviewApi.Tests.Integration;

public sealed class DatabaseTests : IAsyncDisposable
{
    private readonly ApiFactory _api = new();

    [Theory]
    [InlineData(null, 2)]
    [InlineData("Normal", 1)]
    public async Task A_commit_survives_a_power_failure_unless_the_setting_says_otherwise(string? setting, long expected)
    {
        _api.With("Sqlite:Synchronous", setting ?? "Full");

        Assert.Equal(expected, await QueryAsync<long>("PRAGMA synchronous"));
        Assert.Equal(1, await QueryAsync<long>("PRAGMA foreign_keys"));
    }

    [Fact]
    public async Task A_restored_backup_gets_the_write_ahead_log_again()
    {
        await using (var backup = new SqliteConnection(_api.Database.ConnectionString))
        {
            await backup.OpenAsync();
            await using var create = new SqliteCommand("PRAGMA journal_mode = DELETE; CREATE TABLE Notes (Id INTEGER)", backup);
            await create.ExecuteNonQueryAsync();
        }

        Assert.Equal("wal", await QueryAsync<string>("PRAGMA journal_mode"));
    }

    [Theory]
    [InlineData("PRAGMA query_only = ON", "")]
    [InlineData("PRAGMA max_page_count = 9", "")]
    [InlineData("SELECT 1", "Mode=ReadOnly")]
    public async Task A_database_that_reads_and_does_not_write_is_unavailable(string cause, string setting)
    {
        await QueryAsync<long>("PRAGMA synchronous");

        var exception = await FailAsync(cause, "CREATE TABLE Notes AS SELECT zeroblob(99999)", setting);

        Assert.True(DatabaseErrors.IsUnavailable(new InvalidOperationException("", exception)), exception.Message);
    }

    [Theory]
    [InlineData("SELECT 1", "SELECT * FROM Missing")]
    [InlineData("CREATE TABLE Notes (Id INTEGER UNIQUE)", "INSERT INTO Notes VALUES (1), (1)")]
    public async Task A_fault_of_the_application_is_no_unavailable_database(string first, string statement)
    {
        var exception = await FailAsync(first, statement, "");

        Assert.False(DatabaseErrors.IsUnavailable(exception), exception.Message);
    }

    [Theory]
    [InlineData("Data Source=:memory:", "must be a file")]
    [InlineData("Data Source=app;Mode=Memory;Cache=Shared", "must be a file")]
    [InlineData("Data Source=file:app?mode=memory&cache=shared", "must be a file")]
    [InlineData("Data Source=", "not a SQLite connection string")]
    [InlineData("Server=db", "not a SQLite connection string")]
    [InlineData("Data Source=app.db;Default Timeout=soon;Password=secret", "not a SQLite connection string")]
    [InlineData("Data Source=app.db;Default Timeout=99999999999", "not a SQLite connection string")]
    [InlineData("Data Source=no-such-folder/app.db;Password=secret", "no-such-folder' does not exist")]
    [InlineData("Data Source=.", "'.' is a folder")]
    public void A_database_that_cannot_be_one_is_refused_at_start(string connectionString, string reason)
    {
        var options = new DatabaseOptions { Database = connectionString };

        var error = Assert.Single(options.Validate(new ValidationContext(options)));

        Assert.Contains(reason, error.ErrorMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ErrorMessage, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task<T> QueryAsync<T>(string statement)
    {
        await using var scope = _api.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        return Assert.Single(await database.SqlQueryRaw<T>(statement).ToListAsync());
    }

    private async Task<Exception> FailAsync(string first, string statement, string setting)
    {
        await using var connection = new SqliteConnection($"{_api.Database.ConnectionString};Pooling=False;{setting}");
        await connection.OpenAsync();
        await using var before = new SqliteCommand(first, connection);
        await before.ExecuteNonQueryAsync();
        await using var command = new SqliteCommand(statement, connection);
        return await Assert.ThrowsAsync<SqliteException>(() => command.ExecuteNonQueryAsync());
    }
}
