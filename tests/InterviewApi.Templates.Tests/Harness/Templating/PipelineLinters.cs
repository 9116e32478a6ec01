namespace InterviewApi.Templates.Tests.Harness;

/// <summary>The linters of the pipelines, installed once per run from npm in a temporary folder.</summary>
internal static class PipelineLinters
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    /// <summary>GitHub's own validation.</summary>
    public static async Task<CommandResult> WorkflowsAsync(IEnumerable<string> paths) =>
        await Cli.RunAsync("node", await Installed.Value, Patience, ["lint-workflows.mjs", .. paths]);

    /// <summary>GitLab's schema, and the includes, needs and rules of the pipeline of the project in this folder.</summary>
    public static async Task<CommandResult> GitLabAsync(string project)
    {
        (await Cli.RunAsync("git", project, Patience, ["init", "--quiet", "."])).EnsureSucceeded();
        (await Cli.RunAsync("git", project, Patience, ["remote", "add", "origin", "https://gitlab.example/acme/shop.git"]))
            .EnsureSucceeded();
        (await Cli.RunAsync("git", project, Patience, ["add", "--all"])).EnsureSucceeded();
        var program = Path.Combine(await Installed.Value, "node_modules", "gitlab-ci-local", "src", "index.js");

        return await Cli.RunAsync("node", project, Patience, [program, "--list-csv"]);
    }

    private static async Task<string> InstallAsync()
    {
        var folder = new TemporaryFolder("pipeline-linters").Path;
        foreach (var file in Directory.GetFiles(Path.Combine(Suite.ProjectFolder, "Fixtures", "pipelines")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        (await Cli.RunAsync("npm", folder, Patience, ["install", "--no-audit", "--no-fund", "--ignore-scripts"])).EnsureSucceeded();
        return folder;
    }
}
