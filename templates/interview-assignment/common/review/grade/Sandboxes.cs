/// <summary>Where the code of a candidate runs. Everything that it started ends with it.</summary>
public interface ISandbox : IAsyncDisposable
{
    /// <summary>How it is isolated, for the report.</summary>
    string Description { get; }

    /// <summary>Takes a submission in, with its packages available.</summary>
    Task OpenAsync(string submission);

    /// <summary>Runs a command in the folder of the submission.</summary>
    Task<Outcome> RunAsync(TimeSpan limit, params string[] command);

    /// <summary>Starts the application, with a new database.</summary>
    Task StartAsync(string assembly);

    /// <summary>Runs checks of the kit against the application; the results go to a folder.</summary>
    /// <returns>The exit code is that of the checks.</returns>
    Task<Outcome> CheckAsync(string checks, string results);

    /// <summary>Gets a document of the application that runs; empty if there is none.</summary>
    Task<string> GetAsync(string path);

    /// <summary>Ends the application.</summary>
    /// <returns>What it wrote, and why it was ended, if it was.</returns>
    Task<Outcome> StopAsync();
}

/// <summary>Chooses the sandbox, and the settings of the application.</summary>
public static class Sandboxes
{
    /// <summary>The settings of an application that is checked.</summary>
    /// <param name="database">The path of its database.</param>
    public static Dictionary<string, string> Settings(string address, string database)
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = address,
            ["Docs__Enabled"] = "true",
            ["ConnectionStrings__Database"] = $"Data Source={database}",
        };
#if (UseAccounts)
        settings["Jwt__SigningKey"] = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
#endif
        return settings;
    }

    public static async Task<ISandbox> CreateAsync(IReadOnlyDictionary<string, string> flags)
    {
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
