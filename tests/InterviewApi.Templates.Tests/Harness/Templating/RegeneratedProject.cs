namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A generated project in a repository of its own, whose script finds the templates of a hive.</summary>
internal sealed class RegeneratedProject
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _path = new TemporaryFolder($"path-{Guid.NewGuid():N}"[..13]).Path;

    private RegeneratedProject(GeneratedProject project) => Project = project;

    public GeneratedProject Project { get; }

    /// <summary>Commits all that the project has.</summary>
    public static async Task<RegeneratedProject> StartAsync(GeneratedProject project, TemplateHive hive)
    {
        var regenerated = new RegeneratedProject(project);
        var dotnet = (await regenerated.RunAsync("command -v dotnet")).Output.Trim();
        await File.WriteAllTextAsync(
            Path.Combine(regenerated._path, "dotnet"), $"#!/bin/sh\nexec '{dotnet}' \"$@\" --debug:custom-hive '{hive.Folder}'\n");
        await regenerated.RunAsync($"chmod +x '{regenerated._path}/dotnet'");
        await regenerated.RunAsync("git init --quiet && git config user.name Test && git config user.email test@example.com");
        await regenerated.CommitAsync("First");

        return regenerated;
    }

    /// <summary>Runs a script in the folder of the project; it must succeed.</summary>
    public async Task<CommandResult> RunAsync(string script) =>
        (await Cli.RunAsync("bash", Project.Folder, Patience, ["-euc", script])).EnsureSucceeded();

    public Task<CommandResult> CommitAsync(string message) => RunAsync($"git add --all && git commit --quiet --message '{message}'");

    /// <summary>Runs the script of the project; whether it succeeds is for the caller to say.</summary>
    public Task<CommandResult> RegenerateAsync(string arguments) =>
        Cli.RunAsync("bash", Project.Folder, Patience, ["-euc", $"PATH='{_path}':$PATH sh scripts/regenerate.sh {arguments}"]);

    /// <summary>The paths with a conflict.</summary>
    public async Task<IReadOnlyList<string>> ConflictsAsync() =>
        (await RunAsync("git diff --name-only --diff-filter=U")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
