using System.Globalization;
using System.Text.Json;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>What the engine says about the containers of a stack that is up.</summary>
internal static class ContainerCheck
{
    /// <summary>Every container runs without rights and within limits, and only the edge is reached from outside.</summary>
    public static async Task CheckRightsAsync(ContainerStack stack)
    {
        var containers = await stack.InspectAsync();
        Assert.NotEmpty(containers);
        foreach (var container in containers)
        {
            var host = container.GetProperty("HostConfig");
            var service = Service(container);
            Assert.True(host.GetProperty("ReadonlyRootfs").GetBoolean(), $"{service} can write its file system");
            Assert.Equal(["ALL"], host.GetProperty("CapDrop").EnumerateArray().Select(name => name.GetString()));
            Assert.Contains(
                "no-new-privileges:true", host.GetProperty("SecurityOpt").EnumerateArray().Select(option => option.GetString()));
            Assert.All(
                ["Memory", "NanoCpus", "PidsLimit"],
                limit => Assert.True(host.GetProperty(limit).GetInt64() > 0, $"{service} has no {limit}"));
            Assert.Equal(service == (stack.HasEdge ? "nginx" : "api"), IsPublished(container));
            if (IsRunning(container))
            {
                Assert.DoesNotContain("0", await UsersAsync(container));
            }
        }
    }

    /// <summary>The migrations were applied once, by a container that had ended before the API started.</summary>
    public static async Task CheckMigrationAsync(ContainerStack stack)
    {
        var migration = Assert.Single(await stack.InspectAsync("migrate"));
        var state = migration.GetProperty("State");
        Assert.Equal(("exited", 0), (state.GetProperty("Status").GetString(), state.GetProperty("ExitCode").GetInt32()));
        Assert.Single(await Docker.LogAsync(Id(migration)), line => line.Contains("migrations were applied", StringComparison.Ordinal));
        Assert.All(
            await stack.InspectAsync("api"), api => Assert.True(Time(state, "FinishedAt") <= Time(api.GetProperty("State"), "StartedAt")));

        // By hand, it finds nothing left to do.
        var again = (await stack.ComposeAsync("run", "--rm", "-T", "migrate")).EnsureSucceeded();
        Assert.Contains(" 0 migrations were applied", again.Output, StringComparison.Ordinal);
    }

    /// <summary>A new certificate is taken over without a restart.</summary>
    public static async Task CheckReloadAsync(ContainerStack stack) =>
        (
            await stack.ComposeAsync(
                "exec", "-T", "nginx", "nginx", "-c", "/etc/nginx/site/nginx.conf", "-g", "pid /tmp/nginx.pid;", "-s",
                "reload")).EnsureSucceeded();

    /// <summary>
    /// What is not asserted, as it is different on each machine: how large the image is, and how long the API takes to start.
    /// </summary>
    public static async Task<string> MeasureAsync(ContainerStack stack)
    {
        var api = (await stack.InspectAsync("api"))[0];
        var image = await Docker.InspectAsync(api.GetProperty("Image").GetString()!);
        var log = Docker.Lines((await Docker.RunAsync("logs", "--timestamps", Id(api))).EnsureSucceeded().Output);
        var listening = log.Last(line => line.Contains("Now listening on", StringComparison.Ordinal)).Split(' ')[0];
        var start = DateTimeOffset.Parse(listening, CultureInfo.InvariantCulture) - Time(api.GetProperty("State"), "StartedAt");
        var memory = (await Docker.RunAsync("stats", "--no-stream", "--format", "{{.MemUsage}}", Id(api))).EnsureSucceeded().Output.Trim();

        return string.Create(
            CultureInfo.InvariantCulture,
            $"image {image.GetProperty("Size").GetInt64() / 1e6:0} MB, {start.TotalSeconds:0.0} s until it listens, memory {memory}");
    }

    public static Task AwaitHealthAsync(string container) => Eventually.HoldsAsync(
        $"the container {container} is healthy",
        async () => (await Docker.InspectAsync(container)).GetProperty("State").GetProperty("Health").GetProperty("Status")
            .GetString() == "healthy");

    public static string Id(JsonElement container) => container.GetProperty("Id").GetString()!;

    public static int ExitCode(JsonElement container) => container.GetProperty("State").GetProperty("ExitCode").GetInt32();

    private static string Service(JsonElement container) =>
        container.GetProperty("Config").GetProperty("Labels").GetProperty("com.docker.compose.service").GetString()!;

    private static bool IsRunning(JsonElement container) => container.GetProperty("State").GetProperty("Running").GetBoolean();

    private static bool IsPublished(JsonElement container) =>
        container.GetProperty("HostConfig").GetProperty("PortBindings").EnumerateObject().Any();

    // Not what the configuration says: whom the processes belong to.
    private static async Task<IEnumerable<string>> UsersAsync(JsonElement container) =>
        Docker.Lines((await Docker.RunAsync("top", Id(container), "-eo", "uid,pid")).EnsureSucceeded().Output).Skip(1)
            .Select(line => line.Split(' ')[0]);

    private static DateTimeOffset Time(JsonElement state, string name) =>
        DateTimeOffset.Parse(state.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}
