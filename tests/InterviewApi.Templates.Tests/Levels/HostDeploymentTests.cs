using System.Net;
using System.Text;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The deployment of the generated project without Docker, run from the pipeline's script on against a stand-in host.</summary>
[Trait("Level", "Edge")]
public sealed class HostDeploymentTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(15);

    // Runs, but where nobody looks for it.
    private const string Unreachable = """{"Kestrel":{"Endpoints":{"Http":{"Url":"http://127.0.0.1:0"}}}}""";

    [Fact]
    public async Task With_nginx_a_release_goes_live_or_the_one_before_goes_on_answering()
    {
        Requires.Nginx();
        Requires.Servers();
        int[] ports = [FreePort.Next(), FreePort.Next(), FreePort.Next(), FreePort.Next()];
        var files = (await PublishedApi.OnceAsync()).Files;
        await using var host = await StandInHost.PrepareAsync(files, ports);
        var site = await NginxSite.CreateAsync(files.Select(file => (file.Key, file.Value)), ports[..2]);
        await using var nginx = await NginxServer.StartAsync(site);
        host.UseNginx(site);
        using var client = nginx.NewClient();

        (await host.ShipAsync("one", Long)).EnsureSucceeded();
        Assert.Equal(["one", "one", null, null], ports.Select(host.ReleaseOn));

        var load = LoadOn(client);
        (await host.ShipAsync("two", Long)).EnsureSucceeded();
        Assert.Equal([null, null, "two", "two"], ports.Select(host.ReleaseOn));
        Assert.Equal([false, false, true, true], ports.Select(host.IsEnabled));

        // Nobody reaches it, on any port; and while it is tried, no other deployment may begin.
        var failing = host.ShipAsync("unreachable", Short, Unreachable);
        while (host.ReleaseOn(ports[0]) != "unreachable")
        {
            Assert.False(failing.IsCompleted, "The deployment ended before it started an instance.");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        Assert.Contains(
            "another deployment is running", (await host.DeployAsync("one", Long)).EnsureFailed().Output, StringComparison.Ordinal);
        Assert.Contains("rolled back", (await failing).EnsureFailed().Output, StringComparison.Ordinal);
        Assert.Equal([null, null, "two", "two"], ports.Select(host.ReleaseOn));

        // One of the new instances becomes healthy, the other one cannot: both go.
        var halfway = Unreachable.Replace(":0", $":{ports[0]}", StringComparison.Ordinal);
        Assert.Contains("rolled back", (await host.ShipAsync("halfway", Short, halfway)).EnsureFailed().Output, StringComparison.Ordinal);
        Assert.Equal([null, null, "two", "two"], ports.Select(host.ReleaseOn));

        await MigrationsThatFailChangeNothingAsync(host, ports, null, null, "two", "two");
        await load.StopAsync();
    }

    // Two that do not share what they hold in memory would answer differently.
    [Fact]
    public async Task Without_Redis_one_instance_answers_and_a_release_takes_its_place()
    {
        Requires.Nginx();
        Requires.Servers();
        int[] ports = [FreePort.Next(), FreePort.Next()];
        var combination = Suite.Template.Space.FirstWith(
            ("database", "postgres"), ("cache", "memory"), ("docker", "false"), ("nginx", "true"));
        var project = await (await TemplateHive.InstalledAsync()).GenerateAsync("Acme.Shop", combination);
        var files = project.ReadFiles();
        Assert.Single(
            Encoding.UTF8.GetString(files["nginx/site.conf"]).Split('\n'),
            line => line.StartsWith("    server ", StringComparison.Ordinal));
        await using var host = await StandInHost.PrepareAsync(files, ports);
        var site = await NginxSite.CreateAsync(files.Select(file => (file.Key, file.Value)), ports[0]);
        await using var nginx = await NginxServer.StartAsync(site);
        host.UseNginx(site);
        using var client = nginx.NewClient();

        (await host.ShipAsync("one", Long)).EnsureSucceeded();
        Assert.Equal(["one", null], ports.Select(host.ReleaseOn));

        var load = LoadOn(client);
        (await host.ShipAsync("two", Long)).EnsureSucceeded();
        Assert.Equal([null, "two"], ports.Select(host.ReleaseOn));
        await load.StopAsync();
    }

    // The same for every combination, and for containers: no setting starts a second one.
    [Fact]
    public async Task Only_with_Redis_there_is_a_setting_for_several_instances()
    {
        var table = await Suite.RenderedAsync();
        foreach (var (path, setting) in ((string, string)[])[("scripts/deploy.sh", "DEPLOY_INSTANCES"), ("compose.yaml", "API_REPLICAS")])
        {
            var file = table.Files[path];
            var texts = file.Contents.Select(Encoding.UTF8.GetString);
            var several = texts.Select(text => text.Contains(setting, StringComparison.Ordinal)).ToArray();
            var caches = table.Space.All()
                .Where(combination => file.RenderingOf[combination.Number] is >= 0 and var rendering && several[rendering])
                .Select(combination => combination.Value("cache"))
                .Distinct();
            Assert.Equal(["redis"], caches);
        }
    }

    [Fact]
    public async Task Without_nginx_a_release_is_rehearsed_before_it_goes_live()
    {
        Requires.Nginx();
        Requires.Servers();
        int[] ports = [FreePort.Next(), FreePort.Next()];
        var combination = Suite.Template.Space.FirstWith(
            ("database", "postgres"), ("cache", "redis"), ("docker", "false"), ("nginx", "false"));
        var project = await (await TemplateHive.InstalledAsync()).GenerateAsync("Acme.Shop", combination);
        await using var host = await StandInHost.PrepareAsync(project.ReadFiles(), ports);
        using var client = new HttpClient { BaseAddress = new Uri($"http://localhost:{ports[0]}") };

        (await host.ShipAsync("one", Long)).EnsureSucceeded();
        Assert.Equal(["one", null], ports.Select(host.ReleaseOn));

        var load = LoadOn(client);
        (await host.ShipAsync("unreachable", Short, Unreachable)).EnsureFailed();
        Assert.Equal(["one", null], ports.Select(host.ReleaseOn));

        await MigrationsThatFailChangeNothingAsync(host, ports, "one", null);
        await load.StopAsync();

        (await host.ShipAsync("two", Long)).EnsureSucceeded();
        Assert.Equal(["two", null], ports.Select(host.ReleaseOn));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);

        // As the manual job does: without the archive.
        (await host.ShipAgainAsync("one", Long)).EnsureSucceeded();
        Assert.Equal(["one", null], ports.Select(host.ReleaseOn));
    }

    // What cannot be configured migrates nothing.
    private static async Task MigrationsThatFailChangeNothingAsync(StandInHost host, int[] ports, params string?[] live)
    {
        var result = (await host.ShipAsync("unmigrated", Long, """{"Logging":{"LogLevel":{"Default":"perhaps"}}}""")).EnsureFailed();

        Assert.Contains("the migrations failed: nothing was switched", result.Output, StringComparison.Ordinal);
        Assert.Contains(
            "Logging__LogLevel__Default", await File.ReadAllTextAsync(Path.Combine(host.Root, "log", "acme-shop-migrate@unmigrated.log")),
            StringComparison.Ordinal);
        Assert.Equal(live, ports.Select(host.ReleaseOn));
    }

    // Each request comes on a connection of its own: one that is kept would stay with the instance that had it first.
    private static BoundedLoad LoadOn(HttpClient client) => new(async () =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/products?limit=1") { Headers = { ConnectionClose = true } };
        return await client.SendAsync(request);
    });
}
