namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A generated API, running as a process of its own on a free port, with a client for it.</summary>
internal sealed class RunningApi : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ServerProcess _process;

    private RunningApi(ServerProcess process, Uri address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address };
    }

    public HttpClient Client { get; }

    /// <summary>Everything that the API has written so far.</summary>
    public string Log => _process.Log;

    /// <summary>Builds the project if need be, starts it with the given environment variables, and waits until it is alive.</summary>
    public static async Task<RunningApi> StartAsync(GeneratedProject project, IReadOnlyDictionary<string, string>? environment = null)
    {
        var source = Path.Combine(project.Folder, "src", project.Name);
        (await project.DotnetAsync(Patience, null, "build", source, "--disable-build-servers")).EnsureSucceeded();

        // The assembly itself, not `dotnet run`: then the process that is stopped is the API.
        var assembly = Directory.EnumerateFiles(Path.Combine(source, "bin"), "*.runtimeconfig.json", SearchOption.AllDirectories).Single();
        var settings = new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Development" };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            settings[name] = value;
        }

        return await StartAsync(assembly.Replace(".runtimeconfig.json", ".dll", StringComparison.Ordinal), source, settings);
    }

    /// <summary>Starts what is built already, with the given environment variables and no others, and waits until it is alive.</summary>
    public static async Task<RunningApi> StartAsync(string assembly, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var process = ServerProcess.Start("dotnet", folder, [assembly, "--urls", address.ToString()], environment);
        var api = new RunningApi(process, address);
        await process.WaitUntilSucceedsAsync(api.Client, "/health/live");

        return api;
    }

    /// <summary>Ends the process at once, in the middle of whatever it does.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
    }
}
