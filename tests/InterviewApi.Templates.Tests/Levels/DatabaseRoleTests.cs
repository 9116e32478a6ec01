using System.Net;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The script that the container of PostgreSQL runs creates roles that may do what they need, and no more.</summary>
[Trait("Level", "Edge")]
public sealed class DatabaseRoleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // What the API has no right to, on the tables that its migrations created.
    private static readonly string[] Forbidden =
    [
        "CREATE TABLE stolen (id int)", "DROP TABLE \"Products\"", "ALTER TABLE \"Products\" ADD COLUMN stolen int",
            "TRUNCATE \"Products\"", "CREATE SCHEMA stolen", "CREATE ROLE thief",
    ];

    [Fact]
    public async Task The_migrations_own_the_tables_and_the_API_reads_and_writes_rows()
    {
        Requires.Nginx();
        Requires.Servers();
        var api = await PublishedApi.OnceAsync();
        var database = await PostgresDatabase.CreateAsync();
        var folder = new TemporaryFolder("roles").Path;
        await File.WriteAllBytesAsync(Path.Combine(folder, "roles.sh"), api.Files["postgres/roles.sh"]);
        var environment = new Dictionary<string, string>(database.Environment())
        {
            ["DATABASE_PASSWORD"] = "of the 'API'",
            ["DATABASE_OWNER_PASSWORD"] = "of the owner",
        };
        (await Cli.RunAsync("bash", folder, Patience, ["roles.sh"], environment)).EnsureSucceeded();

        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__Database"] = database.ConnectionStringOf("acme-shop-owner"),
            ["ConnectionStrings__Redis"] = await RedisServer.StartAsync(),
            ["Jwt__SigningKey"] = TestToken.SigningKey,
            ["Uploads__Path"] = Path.Combine(folder, "uploads"),

            // Other tests count in the same Redis, by the same address.
            ["RateLimiting__Auth__PermitLimit"] = "1000",
        };
        (await Cli.DotnetAsync(api.Folder, Patience, [api.Assembly, "migrate"], settings)).EnsureSucceeded();

        settings["ConnectionStrings__Database"] = database.ConnectionStringOf("acme-shop");
        await using var instance = await RunningApi.StartAsync(api.Assembly, api.Folder, settings);
        Assert.Equal(HttpStatusCode.OK, (await instance.Client.GetAsync("/health/ready")).StatusCode);
        await TestProduct.CreateAsync(instance.Client, (await TestAccount.SignUpAsync(instance.Client)).AccessToken);

        foreach (var statement in Forbidden)
        {
            Assert.Matches("permission denied|must be owner", (await database.TryAsync("acme-shop", statement)).EnsureFailed().Output);
        }

        (await database.TryAsync("acme-shop", "DELETE FROM \"Products\"")).EnsureSucceeded();
        (await database.TryAsync("acme-shop-owner", "CREATE ROLE thief")).EnsureFailed();
    }
}
