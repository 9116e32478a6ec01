namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A Redis server of one test, which may stop and start it again on the same port.</summary>
/// <param name="arguments">Further arguments of the server.</param>
internal sealed class RestartableRedis(params string[] arguments) : IAsyncDisposable
{
    private readonly string _folder = new TemporaryFolder($"redis-{Guid.NewGuid():N}").Path;
    private readonly int _port = FreePort.Next();
    private ServerProcess? _process;

    public string ConnectionString => $"127.0.0.1:{_port}";

    public async Task StartAsync()
    {
        var program = RedisServer.Program() ?? throw new InvalidOperationException(RedisServer.Missing);
        _process = ServerProcess.Start(
            program, _folder, ["--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. arguments]);
        await _process.WaitUntilAsync(() => ServerProcess.AcceptsAsync(_port));
    }

    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>Stops the process without closing a connection: it answers nobody, and nobody is told.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Sends a command to the server with its own client.</summary>
    public async Task CommandAsync(params string[] command) =>
        (await Cli.RunAsync("redis-cli", _folder, TimeSpan.FromSeconds(30), ["-p", $"{_port}", .. command])).EnsureSucceeded();

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task SignalAsync(string name) =>
        (await Cli.RunAsync("kill", _folder, TimeSpan.FromSeconds(30), [$"-{name}", $"{_process!.Id}"])).EnsureSucceeded();
}
