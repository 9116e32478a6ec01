/// <summary>
/// A container without network, capabilities and a disk: all that it writes is in memory of a limited size. Checks run in
/// a second container that shares nothing with it but its loopback address. The first process belongs to root, without any
/// capability, so that the code of a candidate cannot end it.
/// </summary>
public sealed class ContainerSandbox(string runtime, string image) : ISandbox
{
    private const int FirstPort = 5080;
    private const string User = "1000:1000";

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(10);

    private readonly string _name = $"grade-{Guid.NewGuid():N}";
    private string[] _addresses = [];
    private int _runs;

    public string Description => $"in a container of {image}, without network";

    public async Task OpenAsync(string submission)
    {
        var packages = await Packages.DownloadAsync(submission);
        await Processes.RequireAsync(
            ".", runtime, "run", "--detach", "--name", _name, "--init",
            "--network", "none", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
            "--pids-limit", "512", "--memory", "4g", "--memory-swap", "4g", "--cpus", "2", "--read-only",
            "--tmpfs", "/tmp:size=1g,exec,mode=1777", "--tmpfs", "/work:size=2g,exec,mode=1777",
            "--env", "HOME=/tmp", "--env", "DOTNET_CLI_HOME=/tmp", "--env", "DOTNET_NOLOGO=1", "--env", "DOTNET_CLI_TELEMETRY_OPTOUT=1",
            "--env", "NUGET_FALLBACK_PACKAGES=/packages", "--env", "NUGET_PACKAGES=/work/packages",
            "--volume", $"{packages}:/packages:ro", "--volume", $"{submission}:/submission:ro",
            image, "sleep", "3600");
        await Processes.RequireAsync(".", runtime, "exec", "--user", User, _name, "cp", "-r", "/submission", "/work/submission");
    }

    public async Task<Outcome> RunAsync(TimeSpan limit, params string[] command)
    {
        var seconds = $"{limit.TotalSeconds:0}";
        var outcome = await ExecuteAsync(limit, ["--workdir", "/work/submission", _name, "timeout", "--signal=KILL", seconds, .. command]);
        return outcome.ExitCode == 137
            ? outcome with { Stopped = $"it took longer than {seconds} s, or more memory than there is" }
            : outcome;
    }

    public async Task StartAsync(string assembly, int instances = 1, bool keep = false)
    {
        var folder = $"/work/submission/{Path.GetDirectoryName(assembly)!.Replace('\\', '/').Split("/bin/")[0]}";
        _runs += keep ? 0 : 1;
        _addresses = [.. Enumerable.Range(FirstPort, instances).Select(port => $"http://127.0.0.1:{port}")];
        foreach (var address in _addresses)
        {
            var settings = Sandboxes.Settings(address, $"/work/run-{_runs}.db", instances);
            await Processes.RequireAsync(
                ".", runtime,
                [
                    "exec", "--detach", "--user", User, "--workdir", folder,
                    .. settings.SelectMany(setting => (string[])["--env", $"{setting.Key}={setting.Value}"]),
                    _name, "sh", "-c", $"exec dotnet /work/submission/{assembly} >> /tmp/output 2>&1",
                ]);
        }
    }

    public Task<Outcome> CheckAsync(string checks, string results, params string[] options) => Processes.RunAsync(
        ".", Sandboxes.CheckLimit, runtime,
        [
            "run", "--rm",
            "--network", $"container:{_name}", "--security-opt", "no-new-privileges", "--memory", "1g",
            "--volume", $"{Path.GetDirectoryName(checks)}:/kit:ro", "--volume", $"{results}:/results",
            image, "dotnet", $"/kit/{Path.GetFileName(checks)}", .. _addresses, "--output", "/results", .. options,
        ]);

    public async Task<string> GetAsync(string path)
    {
        var answer = await ExecuteAsync(Short, _name, "curl", "--silent", "--fail", "--max-time", "20", _addresses[0] + path);
        return answer.Succeeded ? answer.Output : "";
    }

    public async Task<Outcome> StopAsync()
    {
        var output = await ExecuteAsync(Short, _name, "head", "-c", "1000000", "/tmp/output");

        // All processes of this user; the first one keeps the container and what is in its memory.
        await ExecuteAsync(Short, _name, "sh", "-c", "for i in 1 2 3; do kill -STOP -1; kill -KILL -1; done; : > /tmp/output");
        return output;
    }

    public async ValueTask DisposeAsync() =>
        await Processes.RunAsync(".", TimeSpan.FromMinutes(1), runtime, "rm", "--force", "--volumes", _name);

    // The container ends a command by itself first.
    private Task<Outcome> ExecuteAsync(TimeSpan limit, params string[] arguments) =>
        Processes.RunAsync(".", limit + TimeSpan.FromSeconds(20), runtime, ["exec", "--user", User, .. arguments]);
}
