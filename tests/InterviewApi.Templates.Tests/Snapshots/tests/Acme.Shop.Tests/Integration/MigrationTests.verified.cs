using System.Net;
using Acme.Shop.Core.Data;
using Acme.Shop.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

public sealed class MigrationTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task No_change_of_the_model_lacks_a_migration()
    {
        await using var scope = api.Services.CreateAsyncScope();

        Assert.False(scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task All_migrations_can_be_reverted_and_applied_again()
    {
        await using var own = await new ApiFactory().StartAsync();
        await using var scope = own.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;

        await database.MigrateAsync("0");
        Assert.Empty(await database.GetAppliedMigrationsAsync());
        await database.MigrateAsync();

        Assert.Empty(await database.GetPendingMigrationsAsync());
    }

    [Fact]
    public async Task An_instance_without_its_migrations_is_not_ready()
    {
        await using var own = await new ApiFactory().StartAsync();
        await using var scope = own.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        var client = own.CreateClient();
        var hasMigrations = database.GetMigrations().Any();

        await database.MigrateAsync("0");

        var expected = hasMigrations ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK;
        Assert.Equal(expected, (await client.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
        await database.MigrateAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task An_empty_database_is_migrated_without_a_logged_failure()
    {
        var log = new LogRecorder();
        await using var own = await new ApiFactory().LogTo(log).StartAsync();

        Assert.DoesNotContain(log.Lines, line => line.Message.Contains("Failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Migrating_needs_the_settings_of_the_database_and_no_others()
    {
        await using var database = new TestDatabase();

        Assert.Equal(0, Run("migrate", $"--ConnectionStrings:Database={database.ConnectionString}"));
        Assert.Equal(0, Run("migrate", "list", $"--ConnectionStrings:Database={database.ConnectionString}"));
        Assert.Equal(0, Run("migrate", "script", "0", $"--ConnectionStrings:Database={database.ConnectionString}"));
        Assert.Equal(1, Run("migrate", "script", "unknown", $"--ConnectionStrings:Database={database.ConnectionString}"));
        Assert.Equal(1, Run("migrate", "--ConnectionStrings:Database="));
        Assert.Equal(1, Run("migrate", "to", "", $"--ConnectionStrings:Database={database.ConnectionString}"));

        static object? Run(params string[] arguments) => typeof(Program).Assembly.EntryPoint!.Invoke(null, [arguments]);
    }

    [Fact]
@@ database=sqlite
    public async Task A_migration_lock_that_nobody_releases_ends_the_wait_with_the_remedy()
@@ database=postgres
    public async Task The_probe_does_not_wait_for_a_server_that_accepts_connections_and_says_nothing()
@@ always
    {
@@ database=sqlite
        await using var own = await new ApiFactory().With("Sqlite:MigrationLockSeconds", "1").StartAsync();
        await using var scope = own.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        await database.ExecuteSqlAsync($"""
            CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2030-01-01');
            """);
@@ database=postgres
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var own = new ApiFactory();
        own.With("ConnectionStrings:Database", $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Timeout=300");
@@ always

@@ database=sqlite
        var exception = await Assert.ThrowsAsync<TimeoutException>(() => database.MigrateAsync("0"));
@@ database=postgres
        var response = await own.CreateClient().GetAsync("/health/ready").WaitAsync(TimeSpan.FromSeconds(60));
@@ always

@@ database=sqlite
        Assert.Contains("DELETE FROM \"__EFMigrationsLock\"", exception.Message, StringComparison.Ordinal);
        await database.ExecuteSqlAsync($"DELETE FROM \"__EFMigrationsLock\"");
        await database.MigrateAsync("0");
@@ database=postgres
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
@@ always
    }
}
