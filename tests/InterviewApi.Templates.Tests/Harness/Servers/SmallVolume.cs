namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A volume of its own with little room, in memory. Only Linux has such, and only for who may mount.</summary>
internal sealed class SmallVolume : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Lazy<string?> Reason = new(() => TryAsync().GetAwaiter().GetResult());

    private SmallVolume(string path) => Path = path;

    /// <summary>Why there can be no such volume on this machine, or null.</summary>
    public static string? Missing => Reason.Value;

    public string Path { get; }

    public static async Task<SmallVolume> MountAsync(int megabytes)
    {
        var path = new TemporaryFolder($"volume-{Guid.NewGuid():N}").Path;
        (await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=1777", "tmpfs", path)).EnsureSucceeded();

        return new SmallVolume(path);
    }

    public async ValueTask DisposeAsync() => (await RunAsync("umount", Path)).EnsureSucceeded();

    private static async Task<string?> TryAsync()
    {
        try
        {
            await (await MountAsync(1)).DisposeAsync();
            return null;
        }
        catch (Exception exception)
        {
            return $"A volume cannot be mounted here: {exception.Message}";
        }
    }

    private static Task<CommandResult> RunAsync(string program, params string[] arguments) => Environment.UserName == "root"
        ? Cli.RunAsync(program, "/", Patience, arguments)
        : Cli.RunAsync("sudo", "/", Patience, ["-n", program, .. arguments]);
}
