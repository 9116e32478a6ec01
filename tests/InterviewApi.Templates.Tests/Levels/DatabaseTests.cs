using System.Diagnostics;
using System.Net;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>What clients see while the database of a running API fails, is locked, or changes.</summary>
[Trait("Level", "Run")]
[Collection(AloneGroup.Name)]
public sealed class DatabaseTests
{
    [Fact]
    public async Task A_database_that_reads_and_does_not_write_is_a_503_until_it_writes_again()
    {
        Requires.Servers();
        var database = await PostgresDatabase.CreateAsync();
        await using var server = await StartAsync(database);
        var account = await TestAccount.SignUpAsync(server.Client);
        var product = await TestProduct.CreateAsync(server.Client, account.AccessToken);

        await AlterAsync(database, "SET default_transaction_read_only = on");
        await AssertUnavailableAsync(await product.ChangeAsync(server.Client, 1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/api/v2/products")).StatusCode);

        await AlterAsync(database, "RESET default_transaction_read_only");
        await Eventually.HoldsAsync(
            "the API is ready again", async () => (await server.Client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await product.ChangeAsync(server.Client, 2)).StatusCode);
    }

    [Fact]
    public async Task A_locked_table_holds_no_request_for_longer_than_its_time_limit()
    {
        Requires.Servers();
        var database = await PostgresDatabase.CreateAsync();
        await using var server = await StartAsync(database);
        var account = await TestAccount.SignUpAsync(server.Client);
        var product = await TestProduct.CreateAsync(server.Client, account.AccessToken);
        var locked = database.ExecuteAsync("BEGIN; LOCK TABLE \"Products\"; SELECT pg_sleep(25); COMMIT");
        await Task.Delay(TimeSpan.FromSeconds(1));
        var clock = Stopwatch.StartNew();

        var responses = await Task.WhenAll(product.ChangeAsync(server.Client, 1), server.Client.GetAsync("/api/v2/products"));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        foreach (var response in responses)
        {
            await AssertUnavailableAsync(response);
        }

        await locked;
        Assert.Equal(HttpStatusCode.OK, (await product.ChangeAsync(server.Client, 2)).StatusCode);
    }

    [Fact]
    public async Task A_migration_that_widens_columns_costs_no_request_of_the_release_that_is_live()
    {
        Requires.Servers();
        var database = await PostgresDatabase.CreateAsync();
        await using var server = await StartAsync(database);
        var account = await TestAccount.SignUpAsync(server.Client);
        var products = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestProduct.CreateAsync(server.Client, account.AccessToken)));
        Func<Task<HttpResponseMessage>>[] clients =
        [
            .. products.Select<TestProduct, Func<Task<HttpResponseMessage>>>(
                (product, number) => () => product.ChangeAsync(server.Client, number)),
            .. products.Select<TestProduct, Func<Task<HttpResponseMessage>>>(product => () => product.ReadAsync(server.Client)),
            () => server.Client.GetAsync("/api/v2/products"),
            () => server.Client.GetAsync("/api/v2/products?limit=2"),
            () => server.Client.GetAsync("/api/v1/products?category=kitchen"),
            () => server.Client.GetAsync("/api/v1/products?q=cup"),
            () => TestAccount.GetMeAsync(server.Client, account.AccessToken),
        ];
        var load = new BoundedLoad(clients);
        await load.WaitForAsync(400);

        foreach (var size in new[] { 150, 200, 250 })
        {
            await database.ExecuteAsync(
                $"ALTER TABLE \"Products\" ALTER \"Name\" TYPE varchar({size}), ALTER \"Description\" TYPE varchar({size * 20}), ALTER \"Price\" TYPE numeric({size / 10}, 2)");
            await database.ExecuteAsync($"ALTER TABLE \"Users\" ALTER \"Username\" TYPE varchar({size})");
            await load.WaitForAsync(400);
        }

        await load.StopAsync();
    }

    [Fact]
    public async Task A_server_that_cannot_be_used_ends_migrate_with_one_line()
    {
        Requires.Servers();
        var application = await ServerApplication.OnPostgresAsync();
        var port = (await PostgresServer.ConnectionStringAsync()).Split("Port=")[1].Split(';')[0];
        (string Database, string Reason)[] cases =
        [
            ("Host=no-such-host.invalid;Username=postgres;Database=x", "no-such-host.invalid"),
            ("Host=127.0.0.1;Port=1;Username=postgres;Database=x", "Failed to connect to 127.0.0.1:1: Connection refused"),
            ($"Host=127.0.0.1;Port={port};Username=nobody-at-all;Database=x", "role \"nobody-at-all\" does not exist"),
        ];
        foreach (var (database, reason) in cases)
        {
            await AssertMigrateFailsAsync(application, database, reason);
        }
    }

    // Such a failure is transient, so the migration is tried again before it is given up.
    [Fact]
    public async Task A_lock_that_is_not_released_ends_migrate_with_one_line()
    {
        Requires.Servers();
        var database = await PostgresDatabase.CreateAsync();
        await using var server = await StartAsync(database);
        var locked = database.ExecuteAsync("BEGIN; LOCK TABLE \"__EFMigrationsHistory\" IN SHARE MODE; SELECT pg_sleep(25); COMMIT");
        await Task.Delay(TimeSpan.FromSeconds(1));

        await AssertMigrateFailsAsync(
            await ServerApplication.OnPostgresAsync(), $"{database.ConnectionString};Options=-c lock_timeout=100",
                "canceling statement due to lock timeout");

        Assert.False(locked.IsCompleted);
        await locked;
    }

    [Fact]
    public async Task A_full_disk_is_a_503_until_there_is_room_again()
    {
        Requires.SmallVolume();
        await using var volume = await SmallVolume.MountAsync(megabytes: 8);
        var server = await ServerInstance.StartAsync(
            await ServerApplication.OnSqliteAsync(), (
                "ConnectionStrings__Database", $"Data Source={Path.Combine(volume.Path, "shop.db")}"));
        var account = await TestAccount.SignUpAsync(server.Client);
        var product = await TestProduct.CreateAsync(server.Client, account.AccessToken);
        var filler = Path.Combine(volume.Path, "filler");
        await Assert.ThrowsAsync<IOException>(() => File.WriteAllBytesAsync(filler, new byte[16 * 1024 * 1024]));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/health/ready")).StatusCode);
        await AssertUnavailableAsync(await product.ChangeAsync(server.Client, 1));
        Assert.Equal(HttpStatusCode.OK, (await product.ReadAsync(server.Client)).StatusCode);

        File.Delete(filler);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await product.ChangeAsync(server.Client, 2)).StatusCode);
        await server.DisposeAsync();
    }

    private static async Task<ServerInstance> StartAsync(PostgresDatabase database) => await ServerInstance.StartAsync(
        await ServerApplication.OnPostgresAsync(), ("ConnectionStrings__Database", $"{database.ConnectionString};Maximum Pool Size=20"));

    private static async Task AssertMigrateFailsAsync(ServerApplication application, string database, string reason)
    {
        var result = await Cli.DotnetAsync(
            Path.GetTempPath(), TimeSpan.FromMinutes(1),
            [application.Assembly, "migrate", "--contentRoot", Path.GetDirectoryName(application.Assembly)!], new Dictionary<string, string>
        {
            ["ConnectionStrings__Database"] = database,
            ["ConnectionStrings__Redis"] = await RedisServer.StartAsync(),
            ["Jwt__SigningKey"] = TestToken.SigningKey,
        });

        result.EnsureFailed();
        Assert.Contains(
            reason, Assert.Single(result.Output.Trim().Split('\n')).Replace("\\u0022", "\"", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    // A setting of a database holds for connections that are opened afterwards.
    private static async Task AlterAsync(PostgresDatabase database, string change)
    {
        await database.ExecuteAsync(
            $"SET TRANSACTION READ WRITE; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I {change}', current_database()); END $$");
        await database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }

    private static async Task AssertUnavailableAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.True(
                response.StatusCode == HttpStatusCode.ServiceUnavailable,
                $"{response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }
    }
}
