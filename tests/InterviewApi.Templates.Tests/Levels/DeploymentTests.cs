using System.Net.Http.Json;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// The generated <c>scripts/deploy.sh</c>, run as on a host, beside a stack that answers. A release is an image derived from
/// the one that was built.
/// </summary>
[Trait("Level", "Containers")]
[Collection(nameof(ContainerGroup))]
public sealed class DeploymentTests(SharedContainers full, ITestOutputHelper output)
{
    // On a busy machine an instance may need long to become healthy.
    private const int PatientGate = 600;

    private const string PrivateKey = "nginx/certs/tls.key";
    private const string Mark = "# shipped\n";
    private static readonly string[] OfRelease = ["compose.yaml", "postgres/roles.sh", "nginx/nginx.conf"];
    private static readonly string[] Shipped = [.. OfRelease, "scripts/deploy.sh"];

    [Fact]
    public async Task A_healthy_release_is_shipped_and_goes_live_without_a_failed_request_and_so_does_the_one_before_it_again()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        await ReleaseAsync(stack, "earlier");
        await ReleaseAsync(stack, "healthy");
        var checkout = await CheckoutAsync(stack);
        var before = await stack.ContainersAsync("api");
        var key = await File.ReadAllTextAsync(Path.Combine(stack.Project.Folder, PrivateKey));

        var deployment = await UnderLoadAsync(stack, () => ShipAsync(stack, checkout, "healthy"));

        deployment.EnsureSucceeded();
        Assert.Empty(before.Intersect(await stack.ContainersAsync("api")));
        await AssertLiveAsync(stack, "healthy");
        Assert.All(
            Shipped, file => Assert.EndsWith(Mark, File.ReadAllText(Path.Combine(stack.Project.Folder, file)), StringComparison.Ordinal));
        Assert.Equal(key, await File.ReadAllTextAsync(Path.Combine(stack.Project.Folder, PrivateKey)));

        // The step of the manual job: nothing is sent, and the earlier files of Compose, nginx and PostgreSQL are back.
        (await UnderLoadAsync(stack, () => ShipAsync(stack, checkout, "earlier", again: true))).EnsureSucceeded();
        await AssertLiveAsync(stack, "earlier");
        Assert.All(
            OfRelease,
            file => Assert.DoesNotContain(Mark, File.ReadAllText(Path.Combine(stack.Project.Folder, file)), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_no_number_is_set_one_instance_goes_live()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        await ReleaseAsync(stack, "single");
        await stack.SetAsync("API_REPLICAS", null);
        try
        {
            (await DeployAsync(stack, "single")).EnsureSucceeded();

            await AssertLiveAsync(stack, "single", instances: 1);
        }
        finally
        {
            await stack.ScaleAsync(stack.Replicas);
        }
    }

    [Fact]
    public async Task A_release_without_an_instance_is_refused()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        await ReleaseAsync(stack, "nobody");
        await stack.SetAsync("API_REPLICAS", "0");
        try
        {
            await AssertRefusedAsync(stack, "nobody", "0 instances cannot serve: nothing was changed");
        }
        finally
        {
            await stack.ScaleAsync(stack.Replicas);
        }
    }

    // As Compose reads it: quotes, comments, spaces, and the line ends of Windows.
    [Fact]
    public async Task The_settings_are_read_as_Compose_reads_them()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        await ReleaseAsync(stack, "quoted");
        var settings = await File.ReadAllTextAsync(Settings(stack));
        try
        {
            var lines = settings.TrimEnd().Split('\n').Where(
                line =>
                    !line.StartsWith("API_REPLICAS=", StringComparison.Ordinal)
                    && !line.StartsWith("API_IMAGE=", StringComparison.Ordinal));
            await File.WriteAllTextAsync(
                Settings(stack),
                string.Join("\r\n", [.. lines, "# API_REPLICAS=7", "API_REPLICAS=\"1\" # one", $"export API_IMAGE='{stack.Name}'", ""]));

            (await DeployAsync(stack, "quoted")).EnsureSucceeded();

            await AssertLiveAsync(stack, "quoted", instances: 1);
        }
        finally
        {
            await File.WriteAllTextAsync(Settings(stack), settings);
            await stack.SetAsync("API_TAG", "quoted");
            await stack.ScaleAsync(stack.Replicas);
        }
    }

    [Fact]
    public async Task Settings_that_Compose_refuses_change_nothing()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        await ReleaseAsync(stack, "refused");
        await stack.SetAsync("API_REPLICAS", "two");
        try
        {
            await AssertRefusedAsync(stack, "refused", "Compose does not accept compose.yaml and .env: nothing was changed");
        }
        finally
        {
            await stack.ScaleAsync(stack.Replicas);
        }
    }

    [Fact]
    public async Task A_secret_that_is_missing_changes_nothing()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        await ReleaseAsync(stack, "locked");
        var secret = Path.Combine(stack.Project.Folder, "secrets", "REDIS_PASSWORD");
        File.Move(secret, $"{secret}.away");
        try
        {
            await AssertRefusedAsync(stack, "locked", $"there is no {secret}: scripts/make-secrets.sh creates it: nothing was changed");
        }
        finally
        {
            File.Move($"{secret}.away", secret);
        }
    }

    // Several would not share what they hold in memory.
    [Fact]
    public async Task Without_Redis_no_setting_starts_a_second_instance()
    {
        Requires.Containers();
        var combination = Suite.Template.Space.FirstWith(("cache", "memory"), ("docker", "true"), ("nginx", "true"), ("ci", "github"));
        var project = await (await TemplateHive.InstalledAsync()).GenerateAsync("Acme.Shop", combination);
        var example = await File.ReadAllLinesAsync(Path.Combine(project.Folder, ".env.example"));
        await File.WriteAllLinesAsync(Path.Combine(project.Folder, ".env"), [.. example, "API_REPLICAS=2"]);

        var compose = (await Cli.RunAsync("docker", project.Folder, TimeSpan.FromMinutes(1), ["compose", "config"])).EnsureSucceeded();

        Assert.Contains("acme-shop:local", compose.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\b(scale|replicas): [^1]", compose.Output);
    }

    [Fact]
    public async Task A_release_whose_health_check_fails_is_rolled_back()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        await ReleaseAsync(stack, "sick", "HEALTHCHECK --interval=1s --retries=2 CMD [\"dotnet\", \"/nothing.dll\"]");

        await AssertRefusedAsync(stack, "sick", "rolled back", gateSeconds: 20);
    }

    [Fact]
    public async Task A_release_that_nginx_does_not_reach_is_rolled_back()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        await ReleaseAsync(stack, "elsewhere", "ENV ASPNETCORE_HTTP_PORTS=8081");

        await AssertRefusedAsync(stack, "elsewhere", "rolled back");
    }

    // nginx stands in for an API that fails a tenth of its requests, and passes every check.
    [Fact]
    public async Task A_canary_with_errors_is_rolled_back_and_no_client_that_reads_notices()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        var compose = await File.ReadAllTextAsync(Path.Combine(stack.Project.Folder, "compose.yaml"));
        const string Server = "split_clients $request_id $fails { 10% 1; * \"\"; } server { listen 8080; "
            + "location /health/ { return 200; } location / { if ($fails) { return 500; } return 200; } }";
        await ReleaseAsync(stack, "failing", $"""
            FROM {Regex.Match(compose, "image: (nginx.*)").Groups[1].Value}
            USER root
            RUN echo '{Server}' >/etc/nginx/conf.d/default.conf
            USER 101
            ENTRYPOINT ["sh", "-c", "[ $0 = migrate ] || exec nginx -g 'daemon off;'"]
            HEALTHCHECK --interval=1s CMD ["true"]
            """);

        await AssertRefusedAsync(stack, "failing", "canary: it has too many errors", canaryPercent: 50);
    }

    [Fact]
    public async Task A_failed_migration_stops_before_anything_is_switched()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        await ReleaseAsync(stack, "wrong", "ENV Logging__LogLevel__Default=perhaps");

        await AssertRefusedAsync(stack, "wrong", "the migrations failed: nothing was switched");
    }

    [Fact]
    public async Task A_second_deployment_at_the_same_time_is_refused()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        await ReleaseAsync(stack, "first");
        await ReleaseAsync(stack, "second");

        var first = DeployAsync(stack, "first");
        while ((await stack.ContainersAsync("api")).Length == stack.Replicas)
        {
            Assert.False(first.IsCompleted, "The first deployment has ended.");
        }

        var second = (await DeployAsync(stack, "second")).EnsureFailed();
        Assert.Contains("another deployment is running", second.Output, StringComparison.Ordinal);
        (await first).EnsureSucceeded();
        await AssertLiveAsync(stack, "first");
    }

    // Nothing was lost or changed: the same containers answer, from the same image.
    private async Task AssertRefusedAsync(
        ContainerStack stack, string tag, string reason, int gateSeconds = PatientGate, int canaryPercent = 0)
    {
        var before = (await stack.ContainersAsync("api")).Order();
        var settings = await File.ReadAllTextAsync(Settings(stack));

        var deployment = await UnderLoadAsync(
            stack, () => DeployAsync(stack, tag, gateSeconds, canaryPercent), writes: canaryPercent == 0);

        Assert.Contains(reason, deployment.EnsureFailed().Output, StringComparison.Ordinal);
        Assert.Equal(before, (await stack.ContainersAsync("api")).Order());
        Assert.Equal(settings, await File.ReadAllTextAsync(Settings(stack)));
    }

    private static async Task AssertLiveAsync(ContainerStack stack, string tag, int? instances = null)
    {
        var containers = await stack.InspectAsync("api");
        Assert.Equal(instances ?? stack.Replicas, containers.Length);
        Assert.All(
            containers, instance => Assert.Equal($"{stack.Name}:{tag}", instance.GetProperty("Config").GetProperty("Image").GetString()));
        Assert.Contains($"API_TAG={tag}", await File.ReadAllLinesAsync(Settings(stack)));
    }

    private async Task<CommandResult> UnderLoadAsync(
        ContainerStack stack, Func<Task<CommandResult>> deploy, bool writes = true)
    {
        using var api = ApiClient.Of(stack);
        using var writer = ApiClient.Of(stack, keepsConnections: false);
        await writer.SignInAsync($"deploying{Guid.NewGuid():N}"[..20]);
        var id = await writer.CreateProductAsync("Cup");
        var load = new BoundedLoad(
            () => api.Http.GetAsync($"/api/v1/products/{id}"),
            () => api.Http.GetAsync("/api/v1/products"),
            () => writes
                ? writer.Http.PostAsJsonAsync("/api/v1/products", new { name = "Cup", price = 1, category = "load" })
                : writer.Http.GetAsync("/api/v2/products"));
        await load.WaitForAsync(100);
        var deployment = await deploy();
        output.WriteLine(deployment.Output);
        await load.WaitForAsync(100);
        output.WriteLine($"{await load.StopAsync()} requests, none failed");
        return deployment;
    }

    private static Task<CommandResult> DeployAsync(
        ContainerStack stack, string tag, int gateSeconds = PatientGate, int canaryPercent = 0) => stack.RunAsync(
        "bash",
        ["scripts/deploy.sh", tag],
        new Dictionary<string, string>
        {
            ["DEPLOY_GATE_SECONDS"] = $"{gateSeconds}",
            ["DEPLOY_CANARY_PERCENT"] = $"{canaryPercent}",
            ["DEPLOY_CANARY_SECONDS"] = "600",
        });

    // What the pipeline has: the files of the project with a change in each of some, and nothing that belongs to the host.
    private static async Task<string> CheckoutAsync(ContainerStack stack)
    {
        var folder = new TemporaryFolder("checkout").Path;
        (await stack.RunAsync("cp", ["-r", ".", folder])).EnsureSucceeded();
        File.Delete(Path.Combine(folder, ".env"));
        Directory.Delete(Path.Combine(folder, "secrets"), recursive: true);
        await File.WriteAllTextAsync(Path.Combine(folder, PrivateKey), "of the pipeline");
        foreach (var file in Shipped)
        {
            await File.AppendAllTextAsync(Path.Combine(folder, file), Mark);
        }

        return folder;
    }

    // The folder of the stack is that of the host.
    private static Task<CommandResult> ShipAsync(ContainerStack stack, string checkout, string tag, bool again = false) => stack.RunAsync(
        "bash",
        [Path.Combine(checkout, "scripts", "ship.sh"), tag],
        new Dictionary<string, string>(StandInHost.Login(stack.Project.Folder))
        {
            ["DEPLOY_GATE_SECONDS"] = $"{PatientGate}",
            ["DEPLOY_AGAIN"] = again ? "true" : "false",
        });

    // An image, and the files that the host has of it.
    private static async Task ReleaseAsync(ContainerStack stack, string tag, string difference = "")
    {
        var files = $"""
            mkdir -p 'releases/{tag}/nginx'
            cp -R compose.yaml compose.profiling.yaml postgres 'releases/{tag}'
            cp nginx/*.conf 'releases/{tag}/nginx'
            echo '{tag}' >'releases/{tag}/.version'
            """;
        (await stack.RunAsync("bash", ["-euc", files])).EnsureSucceeded();
        var folder = new TemporaryFolder($"release-{tag}").Path;
        await File.WriteAllTextAsync(Path.Combine(folder, "Dockerfile"), $"FROM {stack.Name}:v1\nLABEL release={tag}\n{difference}\n");
        (await Docker.RunAsync("build", "--tag", $"{stack.Name}:{tag}", folder)).EnsureSucceeded();
    }

    private static string Settings(ContainerStack stack) => Path.Combine(stack.Project.Folder, ".env");
}
