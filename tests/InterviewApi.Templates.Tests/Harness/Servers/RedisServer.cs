namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A Redis server on a free port, which keeps nothing on disk and ends with this run.</summary>
internal static class RedisServer
{
    /// <summary>Why there can be no server on this machine, or null.</summary>
    public static string? Missing => Program() is null ? "Redis is not installed (Debian: apt-get install redis-server)" : null;

    /// <summary>Starts a server of the caller's own, because projects of one name share what they keep in Redis.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> StartAsync()
    {
        var program = Program() ?? throw new InvalidOperationException(Missing);
        var port = FreePort.Next();
        var folder = new TemporaryFolder($"redis-{port}").Path;
        await ServerProcess.Start(program, folder, ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .WaitUntilAsync(() => ServerProcess.AcceptsAsync(port));

        return $"127.0.0.1:{port}";
    }

    internal static string? Program() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);
}
