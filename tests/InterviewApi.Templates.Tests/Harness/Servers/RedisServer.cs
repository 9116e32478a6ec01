namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A Redis server of this run alone, on a free port, that keeps nothing on disk.</summary>
internal static class RedisServer
{
    private static readonly Lazy<Task<string>> Shared = new(StartAsync);

    /// <summary>Why there can be no server on this machine, or null.</summary>
    public static string? Missing => Program() is null ? "Redis is not installed (Debian: apt-get install redis-server)" : null;

    public static Task<string> ConnectionStringAsync() => Shared.Value;

    private static async Task<string> StartAsync()
    {
        var program = Program() ?? throw new InvalidOperationException(Missing);
        var port = FreePort.Next();
        var folder = new TemporaryFolder("redis").Path;
        await ServerProcess.Start(program, folder, ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .WaitUntilAsync(() => ServerProcess.AcceptsAsync(port));

        return $"127.0.0.1:{port}";
    }

    internal static string? Program() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);
}
