using System.Text.Json;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>The container engine that the environment names, by way of its command line.</summary>
internal static class Docker
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly Lazy<string?> Reason = new(Ask);

    /// <summary>Why no container can run on this machine, or null.</summary>
    public static string? Missing => Reason.Value;

    public static Task<CommandResult> RunAsync(params IEnumerable<string> arguments) =>
        Cli.RunAsync("docker", Path.GetTempPath(), Patience, arguments);

    /// <summary>What the engine says about a container or an image.</summary>
    public static async Task<JsonElement> InspectAsync(string name) =>
        JsonDocument.Parse((await RunAsync("inspect", name)).EnsureSucceeded().Output).RootElement[0];

    /// <summary>Everything that a container has written, line by line.</summary>
    public static async Task<string[]> LogAsync(string container) => Lines((await RunAsync("logs", container)).EnsureSucceeded().Output);

    public static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? Ask()
    {
        if (!Requires.IsOnPath("docker"))
        {
            return "Docker is not installed";
        }

        var info = RunAsync("info", "--format", "{{.ServerVersion}}").GetAwaiter().GetResult();
        return info.ExitCode == 0 ? null : $"no Docker engine answers: {info.Output.Trim()}";
    }
}
