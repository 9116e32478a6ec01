using System.Net;
using System.Net.Http.Json;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The generated Dockerfile is built and the generated compose files are started, by Docker itself.</summary>
[Trait("Level", "Containers")]
[Collection(nameof(ContainerGroup))]
public sealed class ContainerTests(SharedContainers full, ITestOutputHelper output)
{
    public static TheoryData<int, string> Rows
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var (index, combination) in ContainerStacks.Rows.Index())
            {
                data.Add(index, combination.ToString());
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_container_runs_without_rights_and_keeps_the_contract(int row, string options)
    {
        Requires.Containers();
        var combination = ContainerStacks.Rows[row];
        Assert.Equal(options, combination.ToString());
        if (row == 0)
        {
            await CheckAsync(await full.StartedAsync(), combination);
            return;
        }

        await using var stack = await ContainerStacks.PrepareAsync(combination);
        await stack.UpAsync();
        if (combination.Value("migrations") == "true")
        {
            await ContainerCheck.CheckMigrationAsync(stack);
        }

        await CheckAsync(stack, combination);
    }

    [Fact]
    public async Task Two_instances_share_limits_and_cache()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        using var api = ApiClient.Of(stack);
        await api.SignInAsync("sharing");
        var id = await api.CreateProductAsync("Cup");

        var exports = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => api.Http.GetAsync("/api/v1/products/export")));

        Assert.Equal(10, exports.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        var refused = exports.Where(answer => answer.StatusCode != HttpStatusCode.OK).ToArray();
        Assert.All(refused, answer => Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode));
        Assert.All(
            refused, answer => Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)));

        // After each change every instance answers with the new value at once, although it has cached the old one.
        for (var price = 1; price <= 10; price++)
        {
            await ReadAsync(api, id, stack.Replicas * 2);
            using var changed = await api.Http.PutAsJsonAsync($"/api/v1/products/{id}", new { name = "Cup", price, category = "test" });
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
            Assert.All(
                await ReadAsync(api, id, stack.Replicas * 2),
                answer => Assert.Contains($"\"price\":{price}", answer, StringComparison.Ordinal));
        }

        await AssertAllAnsweredAsync(stack, "/api/v1/products/export");
        await AssertAllAnsweredAsync(stack, $"GET /api/v1/products/{id}");
    }

    [Fact]
    public async Task A_message_reaches_the_sockets_of_every_instance()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        using var api = ApiClient.Of(stack);
        await api.SignInAsync("talking");
        var sockets = await Task.WhenAll(Enumerable.Range(0, stack.Replicas * 3).Select(_ => api.ConnectAsync()));
        foreach (var socket in sockets)
        {
            await socket.SubscribeAsync("lobby");
        }

        foreach (var (number, sender) in sockets.Index())
        {
            await sender.SendAsync(new { action = "message", channel = "lobby", content = $"from {number}" });
            await Task.WhenAll(sockets.Select(socket => socket.ReceiveAsync(message =>
                message.GetProperty("type").GetString() == "message" && message.GetProperty("content").GetString() == $"from {number}")));
        }

        foreach (var socket in sockets)
        {
            await socket.CloseAsync();
            socket.Dispose();
        }

        await AssertAllAnsweredAsync(stack, "GET /ws");
    }

    [Fact]
    public async Task A_stopped_instance_ends_with_0_and_loses_no_request()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        using var api = ApiClient.Of(stack);
        using var writer = ApiClient.Of(stack, keepsConnections: false);
        await writer.SignInAsync("stopping");
        var id = await writer.CreateProductAsync("Cup");
        var instance = (await stack.ContainersAsync("api"))[0];
        var load = new BoundedLoad(
            () => api.Http.GetAsync($"/api/v1/products/{id}"),
            () => api.Http.GetAsync("/api/v1/products"),
            () => writer.Http.PostAsJsonAsync("/api/v1/products", new { name = "Cup", price = 1, category = "load" }));
        await load.WaitForAsync(100);

        (await Docker.RunAsync("stop", "--time", "45", instance)).EnsureSucceeded();
        await load.WaitForAsync(200);
        var stopped = await Docker.InspectAsync(instance);
        (await Docker.RunAsync("start", instance)).EnsureSucceeded();
        await ContainerCheck.AwaitHealthAsync(instance);
        await load.WaitForAsync(200);

        Assert.Equal(0, ContainerCheck.ExitCode(stopped));
        output.WriteLine($"{await load.StopAsync()} requests, none lost");
    }

    [Fact]
    public async Task Without_Redis_it_goes_on_and_says_so()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        using var api = ApiClient.Of(stack);
        await api.SignInAsync("degraded");
        var id = await api.CreateProductAsync("Cup");
        (await stack.ComposeAsync("stop", "redis")).EnsureSucceeded();
        try
        {
            await AwaitReadinessAsync(api, "Degraded");
            await ReadAsync(api, id, 20);
            await api.CreateProductAsync("Mug");
        }
        finally
        {
            (await stack.ComposeAsync("start", "redis")).EnsureSucceeded();
        }

        await AwaitReadinessAsync(api, "Healthy");
    }

    [Fact]
    public async Task After_the_commands_of_the_page_a_third_instance_answers()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        using var api = ApiClient.Of(stack);
        await api.SignInAsync("scaling");
        var id = await api.CreateProductAsync("Cup");
        try
        {
            await stack.ScaleAsync(stack.Replicas + 1);

            Assert.Equal(stack.Replicas + 1, (await stack.ContainersAsync("api")).Length);
            await ReadAsync(api, id, 30);
            await AssertAllAnsweredAsync(stack, $"GET /api/v1/products/{id}");
        }
        finally
        {
            await stack.ScaleAsync(stack.Replicas);
        }

        await ReadAsync(api, id, 30);
    }

    [Fact]
    public async Task Nginx_finds_new_containers_of_the_API()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        using var api = ApiClient.Of(stack);
        var before = await stack.ContainersAsync("api");

        await stack.ChangeAsync();
        await stack.UpAsync();

        Assert.Empty(before.Intersect(await stack.ContainersAsync("api")));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await api.Http.GetAsync("/health/ready")).StatusCode);
        }
    }

    [Theory]
    [InlineData("changeme")]
    [InlineData("31-bytes-are-one-less-than-32..")]
    public async Task A_signing_key_that_is_too_short_stops_the_start(string key)
    {
        Requires.Containers();
        var stack = await full.StartedAsync();

        // An API that starts would run for ever.
        var start = await stack.RunAsync(
            "timeout", [
                "60", "docker", "compose", "run", "--rm", "--no-deps", "-T", "-e", "Secrets__Path=/none", "-e", $"Jwt__SigningKey={key}",
                "api"]);

        Assert.Contains(
            "Configuration error: Jwt__SigningKey: A key needs at least 256 bits", start.EnsureFailed().Output, StringComparison.Ordinal);
    }

    private async Task CheckAsync(ContainerStack stack, Combination combination)
    {
        output.WriteLine(await ContainerCheck.MeasureAsync(stack));
        await ContainerCheck.CheckRightsAsync(stack);
        if (stack.HasEdge)
        {
            await ContainerCheck.CheckReloadAsync(stack);
        }

        using var api = ApiClient.Of(stack);
        await ApiContract.CheckAsync(api, combination);
    }

    // The answers to as many requests, all of which succeed.
    private static async Task<string[]> ReadAsync(ApiClient api, long id, int times) =>
        await Task.WhenAll(Enumerable.Range(0, times).Select(_ => api.Http.GetStringAsync($"/api/v1/products/{id}")));

    private static async Task AwaitReadinessAsync(ApiClient api, string status)
    {
        using var expired = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!(await api.Http.GetStringAsync("/health/ready", expired.Token))
            .Contains($"\"status\":\"{status}\"", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), expired.Token);
        }
    }

    private static async Task AssertAllAnsweredAsync(ContainerStack stack, string request)
    {
        foreach (var instance in await stack.ContainersAsync("api"))
        {
            Assert.Contains(await Docker.LogAsync(instance), line => line.Contains($"{request} answered", StringComparison.Ordinal));
        }
    }
}
