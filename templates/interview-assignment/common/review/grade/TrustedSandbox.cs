using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

/// <summary>
/// This machine, with limits of time, and on Linux of processes, memory and disk. It is no protection against somebody
/// who wants to do harm; it keeps a faulty submission from stopping the grading.
/// </summary>
public sealed class TrustedSandbox : ISandbox
{
    private readonly string _work = Directory.CreateTempSubdirectory("grade-run-").FullName;
    private readonly List<string> _addresses = [];
    private readonly List<Process> _servers = [];
    private readonly StringBuilder _output = new();
    private string _submission = "";
    private ProcessWatch? _serverWatch;
    private int _runs;

    public string Description => "on this machine, trusted";

    /// <value>How long the application may take until it answers.</value>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(30);

    public Task OpenAsync(string submission)
    {
        _submission = submission;
        return Task.CompletedTask;
    }

    public async Task<Outcome> RunAsync(TimeSpan limit, params string[] command)
    {
        await using var watch = new ProcessWatch(_work, _submission);
        using var process = Start(watch, _submission, command, []);
        var output = new StringBuilder();
        var reading = Task.WhenAll(Processes.ReadAsync(process.StandardOutput, output), Processes.ReadAsync(process.StandardError, output));
        var ended = process.WaitForExitAsync();
        if (await Task.WhenAny(ended, watch.Exceeded, Task.Delay(limit)) != ended)
        {
            var reason = watch.Exceeded.IsCompleted ? await watch.Exceeded : $"it took longer than {limit.TotalSeconds:0} s";
            await watch.EndAsync(process);
            return new(-1, Processes.Text(output), reason);
        }

        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(2)));
        await watch.EndAsync(process);
        return new(process.ExitCode, Processes.Text(output), watch.Exceeded.IsCompleted ? await watch.Exceeded : null);
    }

    public Task StartAsync(string assembly, int instances = 1, bool keep = false)
    {
        _output.Clear();
        _serverWatch = new ProcessWatch(_work, _submission);
        if (!keep)
        {
            _runs++;
            _addresses.Clear();
        }

        var folder = Path.Combine(_submission, assembly.Replace('\\', '/').Split("/bin/")[0]);
        while (_servers.Count < instances)
        {
            if (_addresses.Count == _servers.Count)
            {
                _addresses.Add($"http://127.0.0.1:{FreePort()}");
            }

            var settings = Sandboxes.Settings(_addresses[_servers.Count], Path.Combine(_work, $"run-{_runs}.db"), instances);
            var server = Start(_serverWatch, folder, ["dotnet", Path.Combine(_submission, assembly)], settings);
            _servers.Add(server);
            _ = Processes.ReadAsync(server.StandardOutput, _output);
            _ = Processes.ReadAsync(server.StandardError, _output);
        }

        return Task.CompletedTask;
    }

    public async Task<Outcome> CheckAsync(string checks, string results, params string[] options)
    {
        using var end = new CancellationTokenSource();
        string[] command =
            [checks, .. _addresses, "--output", results, "--wait", $"{StartLimit.TotalSeconds:0}", .. options];
        var checking = Processes.RunAsync(".", Sandboxes.CheckLimit, end.Token, "dotnet", command);
        var exceeded = _serverWatch!.Exceeded;
        if (await Task.WhenAny(checking, exceeded) == exceeded)
        {
            await EndAsync();

            // Checks that have begun fail at once; those that wait for the first answer would wait in vain.
            end.CancelAfter(TimeSpan.FromSeconds(5));
        }

        return await checking;
    }

    public Task<string> GetAsync(string path) => Sandboxes.GetAsync(_addresses[0] + path);

    public async Task<Outcome> StopAsync()
    {
        if (_servers.Count == 0)
        {
            return new(0, "");
        }

        var exitCode = _servers.Where(server => server.HasExited).Select(server => server.ExitCode).FirstOrDefault();
        await EndAsync();
        var reason = _serverWatch!.Exceeded.IsCompleted ? await _serverWatch.Exceeded : null;
        await _serverWatch.DisposeAsync();
        _servers.ForEach(server => server.Dispose());
        _servers.Clear();
        return new(exitCode, Processes.Text(_output), reason);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_work, recursive: true);
    }

    private async Task EndAsync()
    {
        foreach (var server in _servers)
        {
            await _serverWatch!.EndAsync(server);
        }
    }

    private static Process Start(ProcessWatch watch, string folder, string[] command, Dictionary<string, string> settings)
    {
        // One file has at most 2 GB, and a crash leaves no image of the memory.
        string[] all = OperatingSystem.IsLinux() ? ["prlimit", "--fsize=2147483648", "--core=0", "--", .. command] : command;
        var start = new ProcessStartInfo(all[0], all[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var settingsOfTheMachine = start.Environment.Keys
            .Where(name => name.Contains("__", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal));
        foreach (var name in settingsOfTheMachine.ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        watch.Mark(start);
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    // Below the ports of outgoing connections, one of which could take it before the application listens.
    private int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                if (!_addresses.Exists(address => address.EndsWith($":{port}", StringComparison.Ordinal)))
                {
                    return port;
                }
            }
            catch (SocketException)
            {
                // Taken: try another one.
            }
        }
    }
}
