using System.Globalization;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// The canary of the generated deployment: on a stand-in host behind a real nginx, and its judgment on logs of nginx.
/// </summary>
[Trait("Level", "Edge")]
public sealed partial class CanaryTests
{
    private static readonly TimeSpan Gate = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_release_is_tried_out_with_a_share_of_the_requests_and_goes_live_or_back_without_a_failed_one()
    {
        Requires.Nginx();
        Requires.Servers();
        int[] ports = [FreePort.Next(), FreePort.Next(), FreePort.Next(), FreePort.Next()];
        var table = await Suite.RenderedAsync();
        var files = table.Project(Suite.Template.Space.FirstWith(("database", "postgres"), ("cache", "redis"), ("docker", "false")).Number);
        await using var host = await StandInHost.PrepareAsync(new(files.ToDictionary(file => file.Path, file => file.Content)), ports);
        await host.UseStandInsAsync();
        using var instances = new StandInInstances(host, ports);
        var site = await NginxSite.CreateAsync(files, ports[..2]);
        await using var nginx = await NginxServer.StartAsync(site);
        host.UseNginx(site);
        using var client = nginx.NewClient();

        // The first release has nothing to be compared with.
        host.SetCanary("25", "20");
        (await host.ShipAsync("one", Gate)).EnsureSucceeded();
        var load = LoadOn(client);

        // It ends as soon as it is clear: 600 seconds are longer than the test has.
        host.SetCanary("50", "600");
        var bad = (await host.ShipAsync("bad", Gate)).EnsureFailed();
        Assert.Contains("canary: it has too many errors", bad.Output, StringComparison.Ordinal);
        Assert.Contains("deploy: rolled back", bad.Output, StringComparison.Ordinal);
        Assert.Equal(["one", "one", null, null], ports.Select(host.ReleaseAt));
        await AssertLiveAsync(site, "one", ports[..2]);

        host.SetCanary("25", "20");
        var good = (await host.ShipAsync("two", Gate)).EnsureSucceeded();
        var counts = Counts().Match(good.Output).Groups.Values.Skip(1)
            .Select(count => double.Parse(count.Value, CultureInfo.InvariantCulture)).ToArray();
        Assert.InRange(counts[0] / counts.Sum(), 0.2, 0.3);
        Assert.Equal([null, null, "two", "two"], ports.Select(host.ReleaseAt));
        await AssertLiveAsync(site, "two", ports[2..]);

        (string, string)[] wrong = [("51", "300"), ("-1", "300"), ("5; touch stolen", "300"), ("5", "9"), ("5", "1e2")];
        foreach (var (percent, seconds) in wrong)
        {
            host.SetCanary(percent, seconds);
            var refused = (await host.ShipAsync("wrong", Gate)).EnsureFailed();
            Assert.Matches(@"deploy: DEPLOY_CANARY_\w+ has to be [^\n]+: nothing was changed", refused.Output);
        }

        Assert.False(File.Exists(Path.Combine(host.Application, "stolen")));
        Assert.Equal([null, null, "two", "two"], ports.Select(host.ReleaseAt));

        // The way back is not tried out, and brings the earlier files of nginx.
        host.SetCanary("50", "600");
        var back = (await host.ShipAgainAsync("one", Gate)).EnsureSucceeded();
        Assert.DoesNotContain("of the requests", back.Output, StringComparison.Ordinal);
        await AssertLiveAsync(site, "one", ports[..2]);
        await load.StopAsync();
    }

    [Theory]
    [InlineData(400, 0, 20, 0, "")]
    [InlineData(400, 3, 20, 0, "")]
    [InlineData(400, 6, 20, 0, "canary: it has too many errors")]
    [InlineData(400, 6, 20, 100, "")]
    [InlineData(400, 0, 130, 0, "")]
    [InlineData(400, 0, 200, 0, "canary: it is too slow")]
    [InlineData(99, 0, 20, 0, "canary: fewer than 100 requests prove nothing: raise the share or the time")]
    public async Task It_is_judged_by_its_errors_and_its_latency_against_the_old_release(
        int requests, int errors, int milliseconds, int oldErrors, string reason)
    {
        Requires.Programs("bash", "awk");
        var folder = new TemporaryFolder($"canary-{Guid.NewGuid():N}"[..15]).Path;
        var script = Assert.Single((await Suite.RenderedAsync()).Files["scripts/canary.sh"].Contents);
        await File.WriteAllBytesAsync(Path.Combine(folder, "canary.sh"), script);

        // One request that both have answered, one of a WebSocket, one whose client has gone, and one that looks like another.
        List<string> log = [
            Line("10.0.0.2:80, 10.0.0.1:80", "500, 200", "0.001, 0.020"), Line("10.0.0.2:80", "101", "3600.000"),
            Line("10.0.0.2:80", "-", "60.000"), Line("", "", "", "GET /\\\"upstream\\\":\\\"10.0.0.2:80\\\"")];
        log.AddRange(Enumerable.Range(0, 1999).Select(number => Line("10.0.0.1:80", number < oldErrors ? "503" : "200", "0.020")));
        log.AddRange(Enumerable.Range(1, requests - 1).Select(
            number => Line("10.0.0.2:80", number > requests - errors ? "500" : "200", $"0.{milliseconds:000}")));
        await File.WriteAllLinesAsync(Path.Combine(folder, "log"), log);

        var result = await Cli.RunAsync("bash", folder, Patience, ["-c", "bash canary.sh 10.0.0.3:80 10.0.0.2:80 <log"]);

        Assert.Equal(reason.Length == 0 ? 0 : 1, result.ExitCode);
        Assert.EndsWith(reason, result.Output.TrimEnd(), StringComparison.Ordinal);
    }

    private static string Line(string addresses, string statuses, string seconds, string request = "GET /") =>
        $$"""{"request":"{{request}}","status":200,"upstream":"{{addresses}}","upstreamStatus":"{{statuses}}","upstreamSeconds":"{{seconds}}"}""";

    // The files of this release, its instances, and nothing of the canary.
    private static async Task AssertLiveAsync(NginxSite site, string release, int[] ports)
    {
        Assert.Equal($"# {release}", (await File.ReadAllLinesAsync(Path.Combine(site.Folder, "problems.conf")))[^1]);
        var text = await File.ReadAllTextAsync(Path.Combine(site.Folder, "site.conf"));
        Assert.Equal(
            ports.Select(port => $"    server 127.0.0.1:{port} max_fails=0;").Order(),
            text.Split('\n').Where(line => line.StartsWith("    server ", StringComparison.Ordinal)).Order());
        Assert.DoesNotContain("proxy_next_upstream", text, StringComparison.Ordinal);
    }

    private static BoundedLoad LoadOn(HttpClient client) => new(Enumerable.Repeat<Func<Task<HttpResponseMessage>>>(
        async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { ConnectionClose = true } };
            return await client.SendAsync(request);
        },
        6));

    [GeneratedRegex(@"new release: (\d+) requests.*; old release: (\d+) requests")]
    private static partial Regex Counts();
}
