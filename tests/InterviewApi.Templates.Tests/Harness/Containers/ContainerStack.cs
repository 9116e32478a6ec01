using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Documents;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>
/// A generated project, built and started by its own compose files. Its containers, networks, volumes and images have names
/// of their own, and go with it.
/// </summary>
internal sealed class ContainerStack : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly int _httpPort = FreePort.Next();
    private readonly int _httpsPort = FreePort.Next();

    private readonly IReadOnlyDictionary<string, string> _settings;
    private bool _isToldToReload;

    private ContainerStack(GeneratedProject project, int replicas, IReadOnlyDictionary<string, string> settings)
    {
        (Project, Replicas, _settings) = (project, replicas, settings);
        Name = $"interview-api-test-{Guid.NewGuid():N}"[..27];
    }

    public GeneratedProject Project { get; }

    public int Replicas { get; }

    /// <summary>The name of the compose project, and of the API's image without its tag.</summary>
    public string Name { get; }

    public bool HasEdge => Project.Combination.Value("nginx") == "true";

    public Uri Address => new(HasEdge ? $"https://localhost:{_httpsPort}" : $"http://localhost:{_httpPort}");

    public Uri PlainAddress => new($"http://localhost:{_httpPort}");

    /// <summary>The certificate that clients have to trust, or null where there is no TLS.</summary>
    public string? CertificateFile => HasEdge ? Path.Combine(Project.Folder, "nginx", "certs", "tls.crt") : null;

    /// <summary>
    /// Generates the project and follows its page up to <c>docker compose up</c>. The settings are environment variables of
    /// the API that the compose files do not know.
    /// </summary>
    public static async Task<ContainerStack> PrepareAsync(
        string name, Combination combination, int replicas, IReadOnlyDictionary<string, string> settings)
    {
        var project = await (await TemplateHive.InstalledAsync()).GenerateAsync(name, combination);
        var stack = new ContainerStack(project, replicas, settings);
        await stack.FillInAsync();
        await WriteSettingsAsync(project.Folder, settings);
        await stack.AdaptAsync();
        if (stack.HasEdge)
        {
            (await Cli.RunAsync("bash", project.Folder, Patience, ["nginx/make-certificate.sh"])).EnsureSucceeded();
        }

        return stack;
    }

    public Task<CommandResult> ComposeAsync(params IEnumerable<string> arguments) => RunAsync("docker", ["compose", .. arguments]);

    /// <summary>Runs a program in the project's folder.</summary>
    public Task<CommandResult> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        Cli.RunAsync(program, Project.Folder, Patience, arguments, environment);

    /// <summary>Gives a setting in <c>.env</c> another value, or removes it.</summary>
    public async Task SetAsync(string name, string? value)
    {
        var file = Path.Combine(Project.Folder, ".env");
        var rest = (await File.ReadAllLinesAsync(file)).Where(line => !line.StartsWith($"{name}=", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(file, value is null ? rest : [.. rest, $"{name}={value}"]);
    }

    /// <summary>Changes how many instances run, as the page about containers says.</summary>
    public async Task ScaleAsync(int replicas)
    {
        await SetAsync("API_REPLICAS", replicas.ToString(CultureInfo.InvariantCulture));
        var page = Page.Parse("docs/containers.md", await File.ReadAllTextAsync(Path.Combine(Project.Folder, "docs", "containers.md")));
        var commands = Assert.Single(
            page.Blocks, block => block.Text.Split('\n')[0].Trim() == "docker compose up --detach --wait");
        (await RunAsync("bash", ["-ec", commands.Text])).EnsureSucceeded();
        await SettleAsync();
    }

    /// <summary>Gives the API another setting, which Docker takes over with new containers only.</summary>
    public async Task ChangeAsync()
    {
        var changed = new Dictionary<string, string>(_settings) { ["Logging__LogLevel__Changed"] = "Information" };
        await WriteSettingsAsync(Project.Folder, changed);
    }

    /// <summary>Builds the image, starts everything, and waits until all of it is healthy.</summary>
    public async Task UpAsync()
    {
        var up = await ComposeAsync("up", "--build", "--wait", "--wait-timeout", "300");
        if (up.ExitCode != 0)
        {
            var log = await ComposeAsync("logs", "--no-color", "--tail", "60");
            throw new InvalidOperationException($"{up.Output}\n{log.Output}");
        }

        await SettleAsync();
    }

    /// <summary>The ids of the containers of a service, or of all of them, whether they run or not.</summary>
    public async Task<string[]> ContainersAsync(params IEnumerable<string> services) =>
        Docker.Lines((await ComposeAsync(["ps", "--all", "--quiet", .. services])).EnsureSucceeded().Output);

    public async Task<JsonElement[]> InspectAsync(params IEnumerable<string> services) =>
        await Task.WhenAll((await ContainersAsync(services)).Select(Docker.InspectAsync));

    public async ValueTask DisposeAsync()
    {
        (await ComposeAsync("down", "--volumes", "--remove-orphans", "--timeout", "5")).EnsureSucceeded();
        var images = Docker.Lines((await Docker.RunAsync("image", "ls", "--quiet", Name)).EnsureSucceeded().Output).Distinct().ToArray();
        if (images.Length > 0)
        {
            (await Docker.RunAsync(["image", "rm", "--force", .. images])).EnsureSucceeded();
        }

        Directory.Delete(Project.Folder, recursive: true);
    }

    private static Task WriteSettingsAsync(string folder, IReadOnlyDictionary<string, string> settings) => File.WriteAllTextAsync(
        Path.Combine(folder, "compose.override.yaml"),
        JsonSerializer.Serialize(new { services = new { api = new { environment = settings } } }));

    // nginx finds new instances within five seconds; one that cannot do so is told.
    private async Task SettleAsync()
    {
        if (_isToldToReload)
        {
            await ContainerCheck.CheckReloadAsync(this);
        }
        else if (HasEdge)
        {
            await Task.Delay(TimeSpan.FromSeconds(6));
        }
    }

    // A stand-in for the image of nginx may be older than the directive that resolves names again.
    private async Task AdaptAsync()
    {
        var image = HasEdge ? Regex.Match(
            await File.ReadAllTextAsync(Path.Combine(Project.Folder, "compose.yaml")), "image: (nginx.*)").Groups[1].Value : "";
        if (HasEdge && Docker.Missing is null
            && !NginxSite.ResolvesAgain((await Docker.RunAsync("run", "--rm", "--entrypoint", "nginx", image, "-v")).Output))
        {
            _isToldToReload = true;
            foreach (var file in (string[])["nginx/site.conf", "scripts/deploy.sh"])
            {
                var path = Path.Combine(Project.Folder, file);
                await File.WriteAllTextAsync(
                    path, (await File.ReadAllTextAsync(path)).Replace(":8080 resolve", ":8080", StringComparison.Ordinal));
            }
        }
    }

    // What the example sets is kept.
    private async Task FillInAsync()
    {
        var example = await File.ReadAllLinesAsync(Path.Combine(Project.Folder, ".env.example"));
        string[] user = Environment.UserName == "root" ? []
            : [$"NGINX_USER={(await Cli.RunAsync("id", Project.Folder, Patience, ["-u"])).Output.Trim()}"];
        string[] own =
        [
            .. user,
            string.Create(CultureInfo.InvariantCulture, $"API_REPLICAS={Replicas}"),
            $"API_IMAGE={Name}",
            "API_TAG=v1",
            $"COMPOSE_PROJECT_NAME={Name}",
            $"API_PORT={_httpPort}",
            $"HTTP_PORT={_httpPort}",
            $"HTTPS_PORT={_httpsPort}",
        ];
        var replaced = own.Select(line => line[..(line.IndexOf('=', StringComparison.Ordinal) + 1)]).ToArray();
        var kept = example.Where(line => !replaced.Any(line.StartsWith));

        await File.WriteAllLinesAsync(Path.Combine(Project.Folder, ".env"), [.. kept, .. own]);
        if (File.Exists(Path.Combine(Project.Folder, "scripts", "make-secrets.sh")))
        {
            (await RunAsync("bash", ["scripts/make-secrets.sh"])).EnsureSucceeded();
        }
    }
}
