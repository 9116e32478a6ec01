/// <summary>Where the code of a candidate runs. Everything that it started ends with it.</summary>
public interface ISandbox : IAsyncDisposable
{
    /// <summary>How it is isolated, for the report.</summary>
    string Description { get; }

    /// <summary>Takes a submission in, with its packages available.</summary>
    Task OpenAsync(string submission);

    /// <summary>Runs a command in the folder of the submission.</summary>
    Task<Outcome> RunAsync(TimeSpan limit, params string[] command);

    /// <summary>Starts the application.</summary>
    /// <param name="instances">How many instances share the database.</param>
    /// <param name="keep">Whether the database is the one of the last start, and not a new one.</param>
    Task StartAsync(string assembly, int instances = 1, bool keep = false);

    /// <summary>Runs checks of the kit against all instances; the results go to a folder.</summary>
    /// <param name="options">More arguments for the checks.</param>
    /// <returns>The exit code is that of the checks.</returns>
    Task<Outcome> CheckAsync(string checks, string results, params string[] options);

    /// <summary>Gets a document of the application that runs; empty if there is none.</summary>
    Task<string> GetAsync(string path);

    /// <summary>Ends all instances, without a warning.</summary>
    /// <returns>What it wrote, and why it was ended, if it was.</returns>
    Task<Outcome> StopAsync();
}

/// <summary>Chooses the sandbox, and the settings of the application.</summary>
public static class Sandboxes
{
    /// <summary>How long checks may take: so long that a slow request costs its own check only.</summary>
    public static readonly TimeSpan CheckLimit = TimeSpan.FromMinutes(8);

#if (UseAccounts)
    // All instances accept the tokens of each other, also after a restart.
    private static readonly string SigningKey =
        Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

#endif
    /// <summary>The settings of an application that is checked.</summary>
    /// <param name="database">The path of its database.</param>
    /// <param name="instances">How many instances share it.</param>
    public static Dictionary<string, string> Settings(string address, string database, int instances)
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = address,
            ["Docs__Enabled"] = "true",
            ["ConnectionStrings__Database"] = $"Data Source={database}",
        };
#if (UseAccounts)
        settings["Jwt__SigningKey"] = SigningKey;
#endif
#if (IsSenior)
        if (instances > 1)
        {
            // 96 MiB for what each allocates: an import that is in memory as a whole ends it.
            settings["DOTNET_gcServer"] = "0";
            settings["DOTNET_GCHeapHardLimit"] = "0x6000000";

            // The claim of an instance that was ended lasts 30 seconds longer than this.
            settings["Events__HandlerTimeoutSeconds"] = "5";
        }

#endif
        return settings;
    }

    /// <summary>Gets a document over HTTP; empty if there is none.</summary>
    public static async Task<string> GetAsync(string address)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(20), MaxResponseContentBufferSize = Processes.MaxOutput };
        try
        {
            return await http.GetStringAsync(address);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return "";
        }
    }

    public static async Task<ISandbox> CreateAsync(IReadOnlyDictionary<string, string> flags, int instances)
    {
        if (flags.TryGetValue("--running", out var addresses))
        {
            return RunningApplication.Parse(addresses, instances);
        }

        if (flags.ContainsKey("--trusted"))
        {
            return new TrustedSandbox();
        }

        string[] runtimes = ["docker", "podman"];
        foreach (var runtime in runtimes)
        {
            try
            {
                if ((await Processes.RunAsync(".", TimeSpan.FromSeconds(20), runtime, "info")).Succeeded)
                {
                    return new ContainerSandbox(runtime, flags.GetValueOrDefault("--image") ?? "mcr.microsoft.com/dotnet/sdk:10.0");
                }
            }
            catch (GradingException)
            {
                // It is not installed.
            }
        }

        throw new GradingException(
            "Neither docker nor podman answers. Start one, or pass --trusted if you would run this code on your machine anyway.");
    }
}
