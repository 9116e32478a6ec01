using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A server that was started for this run and ends with it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly ConcurrentDictionary<ServerProcess, bool> Running = [];

    private readonly Process _process;
    private readonly StringBuilder _log;

    private ServerProcess(Process process, StringBuilder log)
    {
        (_process, _log) = (process, log);
        Running[this] = true;
    }

    public int Id => _process.Id;

    /// <summary>Everything that the server has written so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    public static ServerProcess Start(
        string program, string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var log = new StringBuilder();
        var process = Cli.Start(program, folder, arguments, environment, line =>
        {
            lock (log)
            {
                log.AppendLine(line);
            }
        });

        return new ServerProcess(process, log);
    }

    /// <summary>
    /// Waits until <paramref name="isReady"/>, asked again and again, says so; fails with the log if the server ends or never is.
    /// </summary>
    public async Task<ServerProcess> WaitUntilAsync(Func<Task<bool>> isReady)
    {
        var clock = Stopwatch.StartNew();
        while (!await isReady())
        {
            if (_process.HasExited || clock.Elapsed > Patience)
            {
                await DisposeAsync();
                throw new InvalidOperationException($"The server did not become ready.\n{Log}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        return this;
    }

    /// <summary>Waits until a path is answered with a success, as <see cref="WaitUntilAsync"/> does.</summary>
    public Task<ServerProcess> WaitUntilSucceedsAsync(HttpClient client, string path) => WaitUntilAsync(async () =>
    {
        try
        {
            using var response = await client.GetAsync(path);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    public static async Task<bool> AcceptsAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Asks the server to stop, as an orchestrator does.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends a signal, such as <c>INT</c> for Ctrl+C.</summary>
    public void Signal(string name) => Cli.Start("kill", Path.GetTempPath(), [$"-{name}", $"{_process.Id}"], null, _ => { }).Dispose();

    /// <summary>Waits for the server to end by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        using var expired = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(expired.Token);
        return _process.ExitCode;
    }

    /// <summary>Ends every server that runs still.</summary>
    public static void KillAll()
    {
        foreach (var server in Running.Keys)
        {
            server.Kill();
            server._process.WaitForExit(TimeSpan.FromSeconds(5));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        Running.TryRemove(this, out _);
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }
}
