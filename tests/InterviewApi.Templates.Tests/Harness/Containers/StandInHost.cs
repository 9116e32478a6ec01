using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>
/// A folder that plays the host of a project without Docker: the generated units, settings and scripts, and programs on the
/// PATH that stand in for sudo, systemctl and ssh, and really start and stop what the units name.
/// </summary>
internal sealed partial class StandInHost : IAsyncDisposable
{
    private const string Key = "-----BEGIN KEY-----";
    private const string Known = "host.example ssh-ed25519 AAAA";
    private const string Target = "deploy@host.example";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, string> _environment;
    private bool _hasStandIns;

    private StandInHost(string root, string checkout, Dictionary<string, string> environment) =>
        (Root, Checkout, _environment) = (root, checkout, environment);

    public string Root { get; }

    /// <summary>The folder of the application on the host.</summary>
    public string Application => Path.Combine(Root, "srv", "acme-shop");

    /// <summary>The files of the project, as the pipeline has them.</summary>
    private string Checkout { get; }

    /// <summary>The environment of a pipeline that ships to this folder, over the stand-in for ssh.</summary>
    public static Dictionary<string, string> Login(string folder) => new()
    {
        ["PATH"] = $"{Path.Combine(Suite.ProjectFolder, "Fixtures", "host")}:{Environment.GetEnvironmentVariable("PATH")}",
        ["HOST_LOGIN"] = Target,
        ["HOST_KEY"] = Key,
        ["HOST_KNOWN"] = Known,
        ["DEPLOY_TARGET"] = Target,
        ["DEPLOY_KEY"] = Key,
        ["DEPLOY_KNOWN_HOSTS"] = Known,
        ["DEPLOY_FOLDER"] = folder,
    };

    /// <param name="project">The files of the project whose units and scripts are used; the application itself is always the same.</param>
    /// <param name="ports">Those of the instances.</param>
    public static async Task<StandInHost> PrepareAsync(SortedDictionary<string, byte[]> project, params int[] ports)
    {
        var root = new TemporaryFolder($"host-{Guid.NewGuid():N}"[..13]).Path;
        var host = new StandInHost(root, Path.Combine(root, "checkout"), new(Login(Path.Combine(root, "srv", "acme-shop")))
        {
            ["HOST_ROOT"] = root,
            ["DEPLOY_PORTS"] = string.Join(' ', ports.Select(port => port.ToString(CultureInfo.InvariantCulture))),
        });

        foreach (var folder in (string[])["etc/systemd/system", "run", "log", "state", "srv/acme-shop"])
        {
            Directory.CreateDirectory(Path.Combine(root, folder));
        }

        foreach (var (path, content) in project)
        {
            var file = Path.Combine(host.Checkout, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, content);
        }

        foreach (var unit in Directory.GetFiles(Path.Combine(host.Checkout, "systemd"), "*.service"))
        {
            File.Copy(
                unit,
                Path.Combine(root, "etc/systemd/system", Path.GetFileName(unit).Replace("api", "acme-shop", StringComparison.Ordinal)));
        }

        await host.WriteSettingsAsync();
        return host;
    }

    /// <summary>Lets units run without the application: its instances are servers of the test.</summary>
    public async Task UseStandInsAsync()
    {
        _hasStandIns = true;
        foreach (var unit in Directory.GetFiles(Path.Combine(Root, "etc/systemd/system")))
        {
            var text = await File.ReadAllTextAsync(unit);
            var program = text.Contains("Type=oneshot", StringComparison.Ordinal) ? "true" : "sleep infinity";
            await File.WriteAllTextAsync(unit, Program().Replace(text, $"ExecStart=/usr/bin/{program}"));
        }
    }

    /// <summary>What the variables of the canary are in the pipeline.</summary>
    public void SetCanary(string percent, string seconds) =>
        (_environment["DEPLOY_CANARY_PERCENT"], _environment["DEPLOY_CANARY_SECONDS"]) = (percent, seconds);

    /// <summary>
    /// Lets <c>systemctl reload nginx</c> reach this server, and the deployment write its files. Those of the project become its.
    /// </summary>
    public void UseNginx(NginxSite site)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Checkout, "nginx"), "*.conf"))
        {
            File.Copy(Path.Combine(site.Folder, Path.GetFileName(file)), file, overwrite: true);
        }

        File.CreateSymbolicLink(Path.Combine(Root, "run", "nginx.pid"), Path.Combine(site.Folder, "nginx.pid"));
        _environment["NGINX_FOLDER"] = site.Folder;
    }

    /// <summary>Ships a release as the pipeline does, with settings of its own, and waits until that has ended.</summary>
    public async Task<CommandResult> ShipAsync(string version, TimeSpan gate, string? settings = null)
    {
        var archive = await PackAsync(version, settings);
        return await Cli.RunAsync("bash", Checkout, Patience, ["scripts/ship.sh", version, archive], EnvironmentWith(gate));
    }

    /// <summary>Puts a release live again that the host has, as the pipeline does.</summary>
    public Task<CommandResult> ShipAgainAsync(string version, TimeSpan gate) => Cli.RunAsync(
        "bash", Checkout, Patience, ["scripts/ship.sh", version],
        new Dictionary<string, string>(EnvironmentWith(gate)) { ["DEPLOY_AGAIN"] = "true" });

    /// <summary>Runs the deployment of a release that is on the host already.</summary>
    public Task<CommandResult> DeployAsync(string version, TimeSpan gate) =>
        Cli.RunAsync("bash", Application, Patience, ["scripts/deploy.sh", version], EnvironmentWith(gate));

    /// <summary>Whether the instance on this port starts with the host.</summary>
    public bool IsEnabled(int port) => File.Exists(Path.Combine(Root, "run", $"acme-shop@{port}.enabled"));

    /// <summary>The release that the instance on this port runs, or null if it does not run.</summary>
    public string? ReleaseOn(int port)
    {
        var file = Path.Combine(Root, "run", $"acme-shop@{port}.pid");
        var folder = File.Exists(file) ? new FileInfo($"/proc/{File.ReadAllText(file).Trim()}/cwd").LinkTarget : null;

        return folder is null ? null : Path.GetFileName(folder);
    }

    /// <summary>The release that belongs to this port, or null.</summary>
    public string? ReleaseAt(int port) =>
        Path.GetFileName(new FileInfo(Path.Combine(Application, "instances", $"{port}")).LinkTarget);

    public async ValueTask DisposeAsync()
    {
        foreach (var unit in Directory.GetFiles(Path.Combine(Root, "run"), "acme-shop@*.pid").Select(Path.GetFileNameWithoutExtension))
        {
            (
                await Cli.RunAsync(
                    Path.Combine(Suite.ProjectFolder, "Fixtures", "host", "systemctl"), Root, Patience, ["stop", unit!],
                    _environment)).EnsureSucceeded();
        }
    }

    private Dictionary<string, string> EnvironmentWith(TimeSpan gate) =>
        new(_environment) { ["DEPLOY_GATE_SECONDS"] = gate.TotalSeconds.ToString(CultureInfo.InvariantCulture) };

    private async Task<string> PackAsync(string version, string? settings)
    {
        var folder = Path.Combine(Root, "packed", version);
        Directory.CreateDirectory(folder);
        if (!_hasStandIns)
        {
            (await Cli.RunAsync("cp", Root, Patience, ["-r", (await PublishedApi.OnceAsync()).Folder + "/.", folder])).EnsureSucceeded();
        }

        // As the step of the pipeline does, and so that releases can be told apart.
        if (Directory.Exists(Path.Combine(Checkout, "nginx")))
        {
            (await Cli.RunAsync("cp", Checkout, Patience, ["-R", "nginx", folder])).EnsureSucceeded();
            await File.AppendAllTextAsync(Path.Combine(folder, "nginx", "problems.conf"), $"# {version}\n");
        }

        if (settings is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.Production.json"), settings);
        }

        var archive = Path.Combine(Root, $"{version}.tar.gz");
        (await Cli.RunAsync("tar", Root, Patience, ["--create", "--gzip", "--file", archive, "--directory", folder, "."]))
            .EnsureSucceeded();
        return archive;
    }

    // The example, filled in: what it does not name, the API does not get.
    private async Task WriteSettingsAsync()
    {
        var values = new Dictionary<string, string>
        {
            ["AllowedHosts"] = "localhost",
            ["ConnectionStrings__Database"] = $"{await PostgresServer.ConnectionStringAsync()}_{Path.GetFileName(Root)};Maximum Pool Size=20",
            ["ConnectionStrings__Redis"] = $"{await RedisServer.StartAsync()},abortConnect=false",
            ["Jwt__SigningKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48)),
        };
        var example = await File.ReadAllLinesAsync(Path.Combine(Checkout, "systemd", "api.env.example"));
        var lines = example.Select(line => values.TryGetValue(line.Split('=')[0], out var value) ? $"{line.Split('=')[0]}={value}" : line);
        var text = string.Join('\n', lines).Replace("/var/lib/", Path.Combine(Root, "state") + "/", StringComparison.Ordinal);
        var rest = values.Where(value => !text.Contains($"{value.Key}=", StringComparison.Ordinal))
            .Select(value => $"{value.Key}={value.Value}");
        await File.WriteAllTextAsync(
            Path.Combine(Root, "etc", "acme-shop.env"), $"{text}\n{string.Join('\n', rest)}\nRateLimiting__PermitLimit=1000000\n");
    }

    [GeneratedRegex("^ExecStart=.*$", RegexOptions.Multiline)]
    private static partial Regex Program();
}
