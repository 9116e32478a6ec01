using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using System.Diagnostics;
using InterviewApi.Core.Data;
using InterviewApi.Dependencies;
using InterviewApi.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InterviewApi.Tests.Integration;

public sealed class DatabaseTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Theory]
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
    {
        await using var connection = new NpgsqlConnection(api.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$", connection);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.Equal(isUnavailable, DatabaseErrors.IsUnavailable(new InvalidOperationException("", exception)));
    }

    [Fact]
    public async Task The_password_may_be_apart_from_the_connection_string()
    {
        await using var own = new ApiFactory()
            .With("ConnectionStrings:Database", $"{api.Database.ConnectionString};Persist Security Info=true")
            .With("ConnectionStrings:DatabasePassword", "of a file;");

        var source = own.Services.GetRequiredService<NpgsqlDataSource>();

        Assert.Equal("of a file;", new NpgsqlConnectionStringBuilder(source.ConnectionString).Password);
    }

    [Fact]
    public async Task The_connection_pool_is_measured_by_its_name()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var measured = receiver.CreateApi();
        await measured.InitializeAsync();

        await measured.CreateClient().GetAsync("/health/ready");

        foreach (var metric in new[] { "db.client.connection.count", "db.client.connection.max", "db.client.operation.duration" })
        {
            await receiver.WaitForMetricAsync(metric, "database");
        }
    }

    [Theory]
    [InlineData("Server")]
    [InlineData("Database=shop")]
    [InlineData("Host=db;Port=99999")]
    [InlineData("Host=db;Timeout=soon")]
    [InlineData("Host=db;Minimum Pool Size=200")]
    public void A_connection_string_that_no_connection_can_have_is_refused_at_start(string connectionString)
    {
        var options = new DatabaseOptions { Database = $"{connectionString};Password=secret" };

        var error = Assert.Single(options.Validate(new ValidationContext(options)));

        Assert.DoesNotContain("secret", error.ErrorMessage, StringComparison.Ordinal);
    }

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

    [Fact]
    public async Task A_command_that_takes_too_long_is_not_repeated()
    {
        await using var own = new ApiFactory();
        own.With("ConnectionStrings:Database", api.Database.Impatient);
        await using var scope = own.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        var clock = Stopwatch.StartNew();

        var exception = await Assert.ThrowsAnyAsync<Exception>(
            () => database.SqlQuery<int>($"SELECT 1 AS \"Value\" FROM pg_sleep(600)").ToListAsync());

        Assert.True(DatabaseErrors.IsUnavailable(exception), exception.Message);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

#if (UseSample)
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
    }

#endif
    [Fact]
    public async Task The_connection_string_overrides_the_defaults_of_the_pool()
    {
        await using var own = new ApiFactory();
        own.With("ConnectionStrings:Database", $"{api.Database.ConnectionString};Keepalive=7");

        var settings = new NpgsqlConnectionStringBuilder(own.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString);

        Assert.Equal(
            (5, 7, 1800, 60), (settings.Timeout, settings.KeepAlive, settings.ConnectionLifetime, settings.ConnectionIdleLifetime));
    }

    [Fact]
    public async Task A_column_may_become_wider_under_a_prepared_statement()
    {
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
    }
}
