using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Every distinct rendering of the Dockerfile and the compose files is what their own tools accept.</summary>
[Trait("Level", "Containers")]
public sealed partial class ContainerFileTests
{
    private const string Script = "scripts/make-secrets.sh";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // Where the other containers are.
    private static readonly string[] SetForGood =
    [
        "ConnectionStrings__Database", "ConnectionStrings__Redis",
        "ForwardedHeaders__KnownNetworks__0", "ForwardedHeaders__KnownNetworks__1", "ForwardedHeaders__KnownNetworks__2",
    ];

    [Fact]
    public async Task Every_Dockerfile_passes_the_linter()
    {
        Requires.Programs("npx");
        var projects = await WriteAsync(path => path == "Dockerfile");

        (await NpxAsync(["dockerfile-utils@0.16.3", "lint", .. projects.Select(project => Path.Combine(project, "Dockerfile"))]))
            .EnsureSucceeded();
    }

    // Two rules are of another opinion: an image that is built has a name here, so that a release can be told from another,
    // and the edge listens on every address.
    [Fact]
    public async Task Every_compose_file_follows_the_schema()
    {
        Requires.Programs("npx");
        var projects = await WriteAsync(IsCompose);
        string[] rules = ["--quiet", "--disable-rule=no-build-and-image", "--disable-rule=no-unbound-port-interfaces"];

        (
            await NpxAsync(
                [
                    "dclint@3.1.0", .. projects.SelectMany(project => Directory.GetFiles(project, "*.yaml", SearchOption.AllDirectories)),
                    .. rules])).EnsureSucceeded();
    }

    // The patterns are those of Dependabot and of Renovate; Dependabot looks into the folder that it is told.
    [Fact]
    public async Task Every_file_that_names_an_image_is_kept_up_to_date()
    {
        var table = await Suite.RenderedAsync();
        var files = table.Files.Where(
            file =>
                IsCompose(file.Key) && file.Value.Contents.Any(
                    content => Encoding.UTF8.GetString(content).Contains(" image: ", StringComparison.Ordinal)))
            .Select(file => file.Key)
            .ToArray();
        var settings = table.Files[".github/dependabot.yml"].Contents.Select(Encoding.UTF8.GetString).Where(
            text => text.Contains("docker-compose", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Matches(Dependabot(), Path.GetFileName(file)));
        Assert.All(files, file => Assert.Matches(Renovate(), file));
        Assert.NotEmpty(settings);
        Assert.All(settings, text => Assert.Contains("docker-compose\n    directory: /\n", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_compose_file_is_one_that_Compose_accepts()
    {
        Requires.Containers();

        // What has no default, and so is empty in the example.
        var settings = new Dictionary<string, string> { ["AUTH_AUTHORITY"] = "https://id.example.com", ["AUTH_AUDIENCE"] = "shop" };
        foreach (var project in await WriteAsync(path => IsCompose(path) || path == ".env.example"))
        {
            foreach (var file in (string[])["compose.yaml", "compose.dev.yaml"])
            {
                string[] command = ["compose", "--env-file", ".env.example", "--file", file, "config", "--quiet"];
                (await Cli.RunAsync("docker", project, Patience, command, settings)).EnsureSucceeded();
            }
        }
    }

    // A service lists what it mounts, the file lists where that comes from, and the script makes it.
    [Fact]
    public async Task Every_secret_is_made_declared_and_used_and_none_is_in_the_environment()
    {
        Requires.Programs("bash", "openssl");
        foreach (var project in await WriteAsync(path => IsCompose(path) || path == ".env.example" || path == Script))
        {
            var compose = await File.ReadAllTextAsync(Path.Combine(project, "compose.yaml"));
            var declared = Declaration().Matches(compose).Select(match => match.Groups[1].Value).Order().ToArray();
            var used = Use().Matches(compose).SelectMany(match => match.Groups[1].Value.Split(", ")).Distinct().Order().ToArray();
            Assert.Equal(declared, used);
            Assert.DoesNotMatch(@"(?i)(password|key): *(?!\{ file: \./secrets/)[^ /\n]", compose);
            Assert.DoesNotMatch("(?i)(password|key)=", compose + await File.ReadAllTextAsync(Path.Combine(project, ".env.example")));
            if (declared.Length == 0)
            {
                continue;
            }

            (await Cli.RunAsync("bash", project, Patience, [Script])).EnsureSucceeded();
            var made = Directory.GetFiles(Path.Combine(project, "secrets")).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllText);
            Assert.Equal(declared, made.Keys.Order());
            Assert.All(made, secret => Assert.Matches(secret.Key == "EMAIL_PASSWORD" ? "^$" : "^[0-9a-f]{64}\n$", secret.Value));
            Assert.Equal(made.Count, made.Values.Distinct().Count());
            var modes = (
                await Cli.RunAsync(
                    "stat", project, Patience,
                    ["--format", "%a", "secrets", .. made.Keys.Select(name => $"secrets/{name}")])).EnsureSucceeded();
            Assert.Equal(["700", .. made.Select(_ => "644")], Docker.Lines(modes.Output));

            // Again, it changes nothing.
            (await Cli.RunAsync("bash", project, Patience, [Script])).EnsureSucceeded();
            Assert.All(made, secret => Assert.Equal(secret.Value, File.ReadAllText(Path.Combine(project, "secrets", secret.Key))));
        }
    }

    [Fact]
    public async Task Every_setting_that_the_application_reads_is_documented_and_can_be_set_in_the_stack()
    {
        var files = (await Suite.RenderedAsync()).Files;
        var code = string.Concat(TextsOf(files, "src/", ".cs"));
        var pages = string.Concat(TextsOf(files, "", ".md"));
        var settings = Section().Matches(code)
            .SelectMany(
                section => Regex.Matches(code, $@"\bclass {section.Groups[1].Value}\b[\s\S]*?\n\}}")
                    .SelectMany(type => Property().Matches(type.Value))
                    .Select(property => $"{section.Groups[2].Value}:{property.Groups[1].Value}"))
            .Select(setting => setting.Replace(":", "__", StringComparison.Ordinal))
            .Distinct()
            .ToArray();
        Assert.InRange(settings.Length, 40, 200);
        Assert.Equal([], settings.Where(setting => !pages.Contains(setting, StringComparison.Ordinal)));

        foreach (var project in await WriteAsync(path => IsCompose(path) || path == ".env.example"))
        {
            var api = Api().Match(await File.ReadAllTextAsync(Path.Combine(project, "compose.yaml"))).Value;
            var example = await File.ReadAllTextAsync(Path.Combine(project, ".env.example"));
            var fixedOnes = SetByCompose().Matches(api).ToLookup(match => match.Groups[1].Value, match => match.Groups[2].Value);
            var secrets = Target().Matches(api).Select(match => match.Groups[1].Value).ToArray();

            // Any other setting comes from the file, except for what Compose sets and nobody may change.
            Assert.Contains("env_file: [{ path: api.env, required: false }]", api, StringComparison.Ordinal);
            Assert.Equal([], fixedOnes.Where(setting => setting.Any(value => !value.Contains('$', StringComparison.Ordinal)))
                .Select(setting => setting.Key)
                .Except(SetForGood));
            Assert.All(
                fixedOnes.SelectMany(setting => setting).SelectMany(value => Variable().Matches(value)),
                variable => Assert.Contains($"{variable.Groups[1].Value}=", example, StringComparison.Ordinal));

            // A secret has a file of its own.
            Assert.Equal([], secrets.Except(settings));
            Assert.Equal([], fixedOnes.Select(setting => setting.Key).Where(IsSecret));
        }

        // Somebody who needs one of these adds it to the secrets, as docs/containers.md says.
        var mounted = files["compose.yaml"].Contents.SelectMany(content => Target().Matches(Encoding.UTF8.GetString(content)))
            .Select(match => match.Groups[1].Value);
        Assert.Equal(
            ["Jwt__PreviousSigningKeys", "Storage__S3__AccessKey", "Storage__S3__SecretKey"],
            settings.Where(IsSecret).Except(mounted).Order());

        static IEnumerable<string> TextsOf(IReadOnlyDictionary<string, RenderedFile> files, string folder, string extension) => files
            .Where(file => file.Key.StartsWith(folder, StringComparison.Ordinal))
            .Where(file => file.Key.EndsWith(extension, StringComparison.Ordinal))
            .SelectMany(file => file.Value.Contents)
            .Select(Encoding.UTF8.GetString);

        static bool IsSecret(string setting) => Regex.IsMatch(setting, "(Password|Keys?)$");
    }

    // 52 KiB for each idle connection beside the 256 MiB of an instance, as docs/operations.md has measured it, and two
    // connections of nginx for each.
    [Fact]
    public async Task Memory_and_connections_suffice_for_the_WebSockets_that_are_admitted()
    {
        var files = (await Suite.RenderedAsync()).Files;
        var admitted = Number(
            files.Where(file => file.Key.EndsWith(".cs", StringComparison.Ordinal)), @"MaxConnections \{ get; set; \} = ([\d_]+)");
        var gibibytes = Number(files.Where(file => file.Key == "compose.yaml"), @"  api:\n(?:    .*\n)*?    mem_limit: (\d+)g");
        Assert.InRange(admitted * 52 / 1024, 0, (gibibytes * 1024) - 256);

        var sockets = Number(files.Where(file => file.Key == "nginx/site.conf"), @"limit_conn sockets (\d+)");
        var connections = Number(files.Where(file => file.Key == "nginx/nginx.conf"), @"worker_connections (\d+)");
        Assert.InRange(sockets * 2, 0, connections);
        Assert.InRange(sockets, 0, admitted);
        Assert.InRange(connections, 0, Number(files.Where(file => file.Key == "nginx/nginx.conf"), @"worker_rlimit_nofile (\d+)"));

        static int Number(IEnumerable<KeyValuePair<string, RenderedFile>> files, string pattern) => int.Parse(
            files.SelectMany(file => file.Value.Contents).Select(content => Regex.Match(Encoding.UTF8.GetString(content), pattern))
                .First(match => match.Success).Groups[1].Value.Replace("_", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task The_health_check_asks_where_the_API_listens()
    {
        Requires.Servers();
        var folder = new TemporaryFolder("probe").Path;
        await File.WriteAllBytesAsync(
            Path.Combine(folder, "HealthProbe.cs"), (await Suite.RenderedAsync()).Files["docker/HealthProbe.cs"].Contents[0]);
        (await Cli.DotnetAsync(folder, Patience, ["publish", "HealthProbe.cs", "--output", Path.Combine(folder, "probe")]))
            .EnsureSucceeded();
        var api = await PublishedApi.OnceAsync();
        await using var instance = await RunningApi.StartAsync(api.Assembly, api.Folder, new Dictionary<string, string>
        {
            ["ConnectionStrings__Database"] = (await PostgresDatabase.CreateAsync()).ConnectionString,
            ["ConnectionStrings__Redis"] = await RedisServer.StartAsync(),
            ["Jwt__SigningKey"] = TestToken.SigningKey,
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Uploads__Path"] = folder,
        });
        var port = instance.Client.BaseAddress!.Port;
        var closed = FreePort.Next();

        foreach (var (name, value, exitCode) in ((string, string, int)[])
        [
            ("ASPNETCORE_URLS", $"http://*:{port};https://*:{closed}", 0), ("ASPNETCORE_URLS", $"http://+:{port}", 0),
                ("ASPNETCORE_URLS", $"http://0.0.0.0:{port}/", 0),
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}", 0), ("ASPNETCORE_URLS", $"http://localhost:{port}", 0),
                ("ASPNETCORE_HTTP_PORTS", $"{port};{closed}", 0),
            ("ASPNETCORE_HTTP_PORTS", $"{port}", 0), ("ASPNETCORE_HTTP_PORTS", $"{closed}", 1),
        ])
        {
            var probe = await Cli.DotnetAsync(
                folder, Patience, [Path.Combine(folder, "probe", "HealthProbe.dll")], new Dictionary<string, string> { [name] = value });
            Assert.True(exitCode == probe.ExitCode, $"{name}={value}: {probe.ExitCode} {probe.Output}");
        }
    }

    // What the page runs in a container beside the API, here beside its process: the same tools on the same kind of socket.
    [Fact]
    public async Task The_profiling_tools_look_into_a_running_process()
    {
        Requires.Servers();
        var folder = new TemporaryFolder("profile").Path;
        var api = await PublishedApi.OnceAsync();
        var compose = Encoding.UTF8.GetString((await Suite.RenderedAsync()).Files["compose.profiling.yaml"].Contents[0]);
        var page = Encoding.UTF8.GetString((await Suite.RenderedAsync()).Files["docs/containers.md"].Contents[0]);
        var ports = Regex.Match(compose, "DOTNET_DiagnosticPorts: (.+)").Groups[1].Value;
        await using var instance = await RunningApi.StartAsync(api.Assembly, api.Folder, new Dictionary<string, string>
        {
            ["ConnectionStrings__Database"] = (await PostgresDatabase.CreateAsync()).ConnectionString,
            ["ConnectionStrings__Redis"] = await RedisServer.StartAsync(),
            ["Jwt__SigningKey"] = TestToken.SigningKey,
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Uploads__Path"] = folder,
            ["DOTNET_DiagnosticPorts"] = ports.Replace("/diagnostics", folder, StringComparison.Ordinal),
        });

        var commands = Regex.Matches(page, "^docker compose run --rm profiler (.+)$", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value)
            .ToArray();
        Assert.Contains("entrypoint: [dotnet, tool, exec, --yes]", compose, StringComparison.Ordinal);
        Assert.Equal(2, commands.Length);
        foreach (var command in commands)
        {
            // A terminal shows counters until somebody ends it; a file gets them for a while.
            var arguments = command.Replace("/diagnostics", folder, StringComparison.Ordinal)
                .Replace("00:00:30", "00:00:03", StringComparison.Ordinal)
                .Replace(" monitor ", $" collect --format csv --duration 00:00:03 --output {folder}/counters.csv ", StringComparison.Ordinal);
            (await Cli.DotnetAsync(folder, Patience, ["tool", "exec", "--yes", .. arguments.Split(' ')])).EnsureSucceeded();
        }

        Assert.Contains("dotnet.gc.", await File.ReadAllTextAsync(Path.Combine(folder, "counters.csv")), StringComparison.Ordinal);
        Assert.InRange(new FileInfo(Path.Combine(folder, "api.nettrace")).Length, 1024, long.MaxValue);
    }

    private static Task<CommandResult> NpxAsync(IEnumerable<string> command) =>
        Cli.RunAsync("npx", Path.GetTempPath(), Patience, ["--yes", .. command]);

    private static bool IsCompose(string path) => path is "compose.yaml" or "compose.dev.yaml";

    // One folder for each distinct set of the files with such a path.
    private static async Task<IReadOnlyList<string>> WriteAsync(Func<string, bool> isWanted)
    {
        var table = await Suite.RenderedAsync();
        var wanted = table.Files.Where(file => isWanted(file.Key)).Select(file => file.Value).ToArray();
        var sets = table.Space.All()
            .GroupBy(combination => string.Join(',', wanted.Select(file => file.RenderingOf[combination.Number])))
            .Select(set => table.Project(set.First().Number).Where(file => isWanted(file.Path)).ToArray())
            .Where(files => files.Length > 0)
            .ToArray();
        Assert.NotEmpty(sets);

        return [.. sets.Select(Write)];
    }

    [GeneratedRegex(@"^  (\w+): \{ file: \./secrets/\1 \}$", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^    secrets: \[([\w, ]+)\]$|^      - \{ source: (?<1>\w+), target: \w+ \}$", RegexOptions.Multiline)]
    private static partial Regex Use();

    [GeneratedRegex(@"AddOptionsWithValidateOnStart<(\w+)>\(\)\s*\.BindSection\(""([\w:]+)""\)")]
    private static partial Regex Section();

    [GeneratedRegex(@"^    public [^\n(=]+ (\w+) \{ get; set; \}", RegexOptions.Multiline)]
    private static partial Regex Property();

    [GeneratedRegex(@"^  api:\n(    .*\n)+", RegexOptions.Multiline)]
    private static partial Regex Api();

    [GeneratedRegex(@"^      ([A-Z]\w+): (.*)$", RegexOptions.Multiline)]
    private static partial Regex SetByCompose();

    [GeneratedRegex(@"target: (\w+)")]
    private static partial Regex Target();

    [GeneratedRegex(@"\$\{(\w+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(docker-)?compose(-\w+)?(\.[\w-]+)?\.ya?ml$", RegexOptions.IgnoreCase)]
    private static partial Regex Dependabot();

    [GeneratedRegex(@"(^|/)(docker-)?compose[^/]*\.ya?ml$")]
    private static partial Regex Renovate();

    private static string Write((string Path, byte[] Content)[] files)
    {
        var folder = new TemporaryFolder($"files-{Guid.NewGuid():N}"[..14]).Path;
        foreach (var (path, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            File.WriteAllBytes(Path.Combine(folder, path), content);
        }

        return folder;
    }
}
