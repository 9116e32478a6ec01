namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A PostgreSQL server of this run alone, on a free port, with its data in a temporary folder.</summary>
internal static class PostgresServer
{
    private static readonly Lazy<Task<string>> Shared = new(StartAsync);

    /// <summary>Why there can be no server on this machine, or null.</summary>
    public static string? Missing => Programs() is null ? "PostgreSQL is not installed (Debian: apt-get install postgresql)" : null;

    /// <summary>A connection string to the server; whoever uses it makes databases of its own.</summary>
    public static Task<string> ConnectionStringAsync() => Shared.Value;

    private static async Task<string> StartAsync()
    {
        var programs = Programs() ?? throw new InvalidOperationException(Missing);
        var data = Path.Combine(new TemporaryFolder("postgres").Path, "data");
        Directory.CreateDirectory(data);
        var port = FreePort.Next();

        // PostgreSQL refuses to run as root: then it runs as the user that its package made.
        string[] asUser = Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : ["env"];
        if (Environment.UserName == "root")
        {
            (await Cli.RunAsync("chown", data, TimeSpan.FromSeconds(10), ["postgres:postgres", data])).EnsureSucceeded();
        }

        string[] initialize = [
            .. asUser[1..], Path.Combine(programs, "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--no-sync"];
        (await Cli.RunAsync(asUser[0], data, TimeSpan.FromMinutes(1), initialize)).EnsureSucceeded();

        string[] run =
        [
            .. asUser[1..], Path.Combine(programs, "postgres"), "-D", data, "-k", data, "-p", $"{port}",
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c",
                "max_connections=300",
        ];
        await ServerProcess.Start(asUser[0], data, run).WaitUntilAsync(async () =>
            (await Cli.RunAsync(Path.Combine(programs, "pg_isready"), data, TimeSpan.FromSeconds(10), ["-h", "127.0.0.1", "-p", $"{port}"]))
                .ExitCode == 0);

        return $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres";
    }

    internal static string? Programs()
    {
        string[] roots = ["/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt"];
        var versions = roots.Where(Directory.Exists).SelectMany(
            Directory.EnumerateDirectories).Order(StringComparer.Ordinal).Reverse().Select(folder => Path.Combine(folder, "bin"));

        return versions.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }
}
