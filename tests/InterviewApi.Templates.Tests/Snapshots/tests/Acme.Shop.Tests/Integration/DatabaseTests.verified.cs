using System.ComponentModel.DataAnnotations;
@@ database=postgres
using System.Data.Common;
using System.Diagnostics;
@@ always
using Acme.Shop.Core.Data;
using Acme.Shop.Dependencies;
using Acme.Shop.Tests.Support;
@@ database=sqlite
using Microsoft.Data.Sqlite;
@@ always
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
@@ database=postgres
using Npgsql;
@@ always

namespace Acme.Shop.Tests.Integration;

@@ database=postgres
public sealed class DatabaseTests(ApiFactory api) : IClassFixture<ApiFactory>
@@ database=sqlite
public sealed class DatabaseTests : IAsyncDisposable
@@ always
{
@@ database=sqlite
    private readonly ApiFactory _api = new();

@@ always
    [Theory]
@@ database=postgres
    [InlineData("08006", true)] // connection failure
    [InlineData("25006", true)] // read-only transaction
    [InlineData("28P01", true)] // invalid password
    [InlineData("3D000", true)] // no such database
    [InlineData("40001", true)] // serialization failure
    [InlineData("40P01", true)] // deadlock
    [InlineData("42501", true)] // no permission
    [InlineData("53100", true)] // disk full
    [InlineData("53200", true)] // out of memory
    [InlineData("53300", true)] // too many connections
    [InlineData("55P03", true)] // lock timeout
    [InlineData("57014", true)] // statement timeout
    [InlineData("57P01", true)] // shutdown
    [InlineData("58030", true)] // I/O error
    [InlineData("22001", false)] // value too long
    [InlineData("23505", false)] // unique violation
    [InlineData("42P01", false)] // no such table
    public async Task An_unavailable_database_is_told_from_a_fault_of_the_application(string state, bool isUnavailable)
@@ database=sqlite
    [InlineData(null, 2)]
    [InlineData("Normal", 1)]
    public async Task A_commit_survives_a_power_failure_unless_the_setting_says_otherwise(string? setting, long expected)
@@ always
    {
@@ database=postgres
        await using var connection = new NpgsqlConnection(api.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$", connection);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
@@ database=sqlite
        _api.With("Sqlite:Synchronous", setting ?? "Full");
@@ always

@@ database=postgres
        Assert.Equal(isUnavailable, DatabaseErrors.IsUnavailable(new InvalidOperationException("", exception)));
@@ database=sqlite
        Assert.Equal(expected, await QueryAsync<long>("PRAGMA synchronous"));
        Assert.Equal(1, await QueryAsync<long>("PRAGMA foreign_keys"));
@@ always
    }

    [Fact]
@@ database=postgres
    public async Task The_password_may_be_apart_from_the_connection_string()
@@ database=sqlite
    public async Task A_restored_backup_gets_the_write_ahead_log_again()
@@ always
    {
@@ database=postgres
        await using var own = new ApiFactory()
            .With("ConnectionStrings:Database", $"{api.Database.ConnectionString};Persist Security Info=true")
            .With("ConnectionStrings:DatabasePassword", "of a file;");

        var source = own.Services.GetRequiredService<NpgsqlDataSource>();
@@ database=sqlite
        await using (var backup = new SqliteConnection(_api.Database.ConnectionString))
        {
            await backup.OpenAsync();
            await using var create = new SqliteCommand("PRAGMA journal_mode = DELETE; CREATE TABLE Notes (Id INTEGER)", backup);
            await create.ExecuteNonQueryAsync();
        }
@@ always

@@ database=postgres
        Assert.Equal("of a file;", new NpgsqlConnectionStringBuilder(source.ConnectionString).Password);
@@ database=sqlite
        Assert.Equal("wal", await QueryAsync<string>("PRAGMA journal_mode"));
@@ always
    }

@@ database=postgres
    [Fact]
    public async Task The_connection_pool_is_measured_by_its_name()
@@ database=sqlite
    [Theory]
    [InlineData("PRAGMA query_only = ON", "")]
    [InlineData("PRAGMA max_page_count = 9", "")]
    [InlineData("SELECT 1", "Mode=ReadOnly")]
    public async Task A_database_that_reads_and_does_not_write_is_unavailable(string cause, string setting)
@@ always
    {
@@ database=postgres
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var measured = receiver.CreateApi();
        await measured.InitializeAsync();
@@ database=sqlite
        await QueryAsync<long>("PRAGMA synchronous");
@@ always

@@ database=postgres
        await measured.CreateClient().GetAsync("/health/ready");
@@ database=sqlite
        var exception = await FailAsync(cause, "CREATE TABLE Notes AS SELECT zeroblob(99999)", setting);
@@ always

@@ database=postgres
        foreach (var metric in new[] { "db.client.connection.count", "db.client.connection.max", "db.client.operation.duration" })
        {
            await receiver.WaitForMetricAsync(metric, "database");
        }
@@ database=sqlite
        Assert.True(DatabaseErrors.IsUnavailable(new InvalidOperationException("", exception)), exception.Message);
@@ always
    }

    [Theory]
@@ database=postgres
    [InlineData("Server")]
    [InlineData("Database=shop")]
    [InlineData("Host=db;Port=99999")]
    [InlineData("Host=db;Timeout=soon")]
    [InlineData("Host=db;Minimum Pool Size=200")]
    public void A_connection_string_that_no_connection_can_have_is_refused_at_start(string connectionString)
@@ database=sqlite
    [InlineData("SELECT 1", "SELECT * FROM Missing")]
    [InlineData("CREATE TABLE Notes (Id INTEGER UNIQUE)", "INSERT INTO Notes VALUES (1), (1)")]
    public async Task A_fault_of_the_application_is_no_unavailable_database(string first, string statement)
@@ always
    {
@@ database=postgres
        var options = new DatabaseOptions { Database = $"{connectionString};Password=secret" };
@@ database=sqlite
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
@@ always

        var error = Assert.Single(options.Validate(new ValidationContext(options)));

@@ database=sqlite
        Assert.Contains(reason, error.ErrorMessage, StringComparison.Ordinal);
@@ always
        Assert.DoesNotContain("secret", error.ErrorMessage, StringComparison.Ordinal);
    }

@@ database=postgres
    [Theory]
    [InlineData("Port=1")]
    [InlineData("Username=nobody_at_all")]
    [InlineData("Database=no_such_database")]
    public async Task A_connection_that_is_refused_is_an_unavailable_database(string setting)
    {
        await using var connection = new NpgsqlConnection($"{api.Database.ConnectionString};{setting}");

        var exception = await Assert.ThrowsAnyAsync<DbException>(() => connection.OpenAsync());

        Assert.True(DatabaseErrors.IsUnavailable(exception), exception.Message);
    }
@@ database=sqlite
    public ValueTask DisposeAsync() => _api.DisposeAsync();
@@ always

@@ database=postgres
    [Fact]
    public async Task A_command_that_takes_too_long_is_not_repeated()
@@ database=sqlite
    private async Task<T> QueryAsync<T>(string statement)
@@ always
    {
@@ database=postgres
        await using var own = new ApiFactory();
        own.With("ConnectionStrings:Database", api.Database.Impatient);
        await using var scope = own.Services.CreateAsyncScope();
@@ database=sqlite
        await using var scope = _api.Services.CreateAsyncScope();
@@ always
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
@@ database=postgres
        var clock = Stopwatch.StartNew();

        var exception = await Assert.ThrowsAnyAsync<Exception>(
            () => database.SqlQuery<int>($"SELECT 1 AS \"Value\" FROM pg_sleep(600)").ToListAsync());

        Assert.True(DatabaseErrors.IsUnavailable(exception), exception.Message);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(6));
@@ database=postgres sample=full|basic
    }

    [Fact]
    public async Task An_exhausted_pool_is_an_unavailable_database_within_its_timeout()
    {
        await using var own = new ApiFactory();
        own.With("ConnectionStrings:Database", $"{api.Database.ConnectionString};Maximum Pool Size=1;Timeout=1");
        var client = own.CreateClient();
        await using (await own.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
        {
            var clock = Stopwatch.StartNew();

            await (await client.GetAsync($"{Products.V1}?q=cup")).ShouldBeProblemAsync(System.Net.HttpStatusCode.ServiceUnavailable);

            Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(5));
        }

        Assert.Equal(System.Net.HttpStatusCode.OK, (await client.GetAsync($"{Products.V1}?q=cup")).StatusCode);
@@ database=postgres
    }

    [Fact]
    public async Task The_connection_string_overrides_the_defaults_of_the_pool()
    {
        await using var own = new ApiFactory();
        own.With("ConnectionStrings:Database", $"{api.Database.ConnectionString};Keepalive=7");

        var settings = new NpgsqlConnectionStringBuilder(own.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString);

        Assert.Equal(
            (5, 7, 1800, 60), (settings.Timeout, settings.KeepAlive, settings.ConnectionLifetime, settings.ConnectionIdleLifetime));
@@ database=sqlite
        return Assert.Single(await database.SqlQueryRaw<T>(statement).ToListAsync());
@@ always
    }

@@ database=postgres
    [Fact]
    public async Task A_column_may_become_wider_under_a_prepared_statement()
@@ database=sqlite
    private async Task<Exception> FailAsync(string first, string statement, string setting)
@@ always
    {
@@ database=postgres
        await using var scope = api.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        await database.ExecuteSqlAsync($"CREATE TABLE wide (value varchar(10)); INSERT INTO wide VALUES ('x')");
        for (var i = 0; i < 10; i++)
        {
            await ReadAsync();
        }

        await using (var migration = new NpgsqlConnection(api.Database.ConnectionString))
        {
            await migration.OpenAsync();
            await using var widen = new NpgsqlCommand("ALTER TABLE wide ALTER value TYPE varchar(20)", migration);
            await widen.ExecuteNonQueryAsync();
        }

        Assert.Equal(["x"], await ReadAsync());

        Task<List<string>> ReadAsync() => database.SqlQuery<string>($"SELECT value FROM wide").ToListAsync();
@@ database=sqlite
        await using var connection = new SqliteConnection($"{_api.Database.ConnectionString};Pooling=False;{setting}");
        await connection.OpenAsync();
        await using var before = new SqliteCommand(first, connection);
        await before.ExecuteNonQueryAsync();
        await using var command = new SqliteCommand(statement, connection);
        return await Assert.ThrowsAsync<SqliteException>(() => command.ExecuteNonQueryAsync());
@@ always
    }
}
