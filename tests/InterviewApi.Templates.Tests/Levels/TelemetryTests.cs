using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>What processes of generated APIs export, and that it reaches receivers that others wrote.</summary>
[Trait("Level", "Run")]
public sealed class TelemetryTests
{
    private const string Never = "3600000";

    [Fact]
    public async Task Every_metric_of_the_table_arrives_and_SIGTERM_sends_what_waits()
    {
        Requires.Servers();
        using var receiver = new OtlpReceiver();
        var database = await PostgresDatabase.CreateAsync();
        await using var api = await ServerInstance.StartAsync(
            await ServerApplication.OnPostgresAsync(),
            ("ConnectionStrings__Database", database.ConnectionString),
            ("RateLimiting__Upload__PermitLimit", "1"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", Never),
            ("OTEL_BLRP_SCHEDULE_DELAY", Never),
            ("OTEL_METRIC_EXPORT_INTERVAL", "1000"));
        var account = await TestAccount.SignUpAsync(api.Client);
        await TestAccount.RefreshAsync(api.Client, "no token");
        var product = JsonContent.Create(new { name = "Secret 4711", price = 1, category = "kitchen" });
        using var created = await TestAccount.SendAsync(api.Client, HttpMethod.Post, "/api/v1/products", account.AccessToken, product);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        await api.Client.GetAsync(created.Headers.Location);
        await api.Client.GetAsync("/api/v1/products");
        await api.Client.GetAsync("/api/v1/products/export");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await api.Client.GetAsync("/api/v1/products/export")).StatusCode);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{api.Port}/ws?access_token={account.AccessToken}"), CancellationToken.None);
        await socket.SendAsync("""{"action":"ping"}"""u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        await socket.ReceiveAsync(new byte[100].AsMemory(), CancellationToken.None);
        Assert.False(receiver.Has("INSERT INTO \"Products\""));

        // The gauges of the pool end with the pool, which may be closed before the last export.
        await Eventually.HoldsAsync("the gauges of the pool arrive", () => Task.FromResult(receiver.Has("db.client.connection.max")));

        Assert.Equal(0, await api.StopAsync());

        var documented = await MetricsTable.ReadAsync();
        Assert.True(documented.Count > 10, "The table of metrics was not found.");
        Problems.AssertNone([.. documented.Keys.Where(name => !receiver.Has(name)).Select(name => $"{name} did not arrive.")]);
        Assert.True(receiver.Has("INSERT INTO \"Products\""));
        Assert.True(receiver.Has("POST /api/v1/products answered 201"));
        foreach (var secret in new[
            ] { account.AccessToken, account.RefreshToken, account.Password, account.Username, "Secret 4711", "access_token=",
            TestToken.SigningKey })
        {
            Assert.False(receiver.Has(secret), $"{secret} was exported.");
        }
    }

    [Fact]
    public async Task An_endpoint_that_is_no_URL_stops_the_start_with_one_line_but_not_a_migration()
    {
        var application = await ServerApplication.WithAsync(("database", "sqlite"), ("cache", "memory"));
        var database = Path.Combine(new TemporaryFolder("no-url").Path, "shop.db");

        var start = await RunAsync();
        var migration = await RunAsync("migrate");

        start.EnsureFailed();
        Assert.StartsWith(
            "Configuration error: OTEL_EXPORTER_OTLP_ENDPOINT: ", Assert.Single(start.Output.Trim().Split('\n')),
            StringComparison.Ordinal);
        migration.EnsureSucceeded();
        Assert.True(File.Exists(database), "Nothing was migrated.");

        Task<CommandResult> RunAsync(params string[] verb) => Cli.DotnetAsync(
            Path.GetTempPath(),
            TimeSpan.FromMinutes(1),
            [application.Assembly, .. verb],
            new Dictionary<string, string>
            {
                ["ConnectionStrings__Database"] = $"Data Source={database}",
                ["Jwt__SigningKey"] = TestToken.SigningKey,
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector:4317",
            });
    }

    [Fact]
    public async Task The_Aspire_dashboard_receives_traces_metrics_and_logs()
    {
        await using var dashboard = await AspireDashboard.StartAsync();
        var folder = new TemporaryFolder("dashboard-api").Path;
        var application = await ServerApplication.WithAsync(("database", "sqlite"), ("cache", "memory"));
        await using var api = await RunningApi.StartAsync(
            application.Assembly, Path.GetDirectoryName(application.Assembly)!, new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__Database"] = $"Data Source={Path.Combine(folder, "shop.db")}",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = dashboard.Endpoint,
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        });

        Assert.Equal("[]", await api.Client.GetStringAsync("/api/v1/products"));

        await Eventually.HoldsAsync("the dashboard has all three", () => dashboard.HasAllOfAsync(ServerApplication.Name));
    }
}
