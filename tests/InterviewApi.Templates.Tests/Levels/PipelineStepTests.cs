using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// Every step of a generated pipeline that needs no service from outside is run as it stands, in a fresh project; those
/// that log in to the host are run by the tests of the deployment.
/// </summary>
[Trait("Level", "Edge")]
public sealed class PipelineStepTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [EdgeFact]
    public async Task The_steps_of_GitHub_pass_with_every_option()
    {
        var project = await GenerateAsync("Acme.Shop", ("database", "postgres"), ("cache", "redis"), ("docker", "false"));
        var workflows = Path.Combine(project.Folder, ".github", "workflows");
        string[] steps = [.. PipelineSteps.OfGitHub(Path.Combine(workflows, "test.yml"), "test"), .. PipelineSteps.OfGitHub(Path.Combine(workflows, "ci.yml"), "package")];
        Assert.Equal(8, steps.Length);

        // The database of the service is empty; the tests make others beside it.
        var environment = new Dictionary<string, string>
        {
            ["CI"] = "true",
            ["ConnectionStrings__Database"] = await PostgresServer.ConnectionStringAsync(),
            ["ConnectionStrings__Redis"] = await RedisServer.ConnectionStringAsync(),
        };
        await RunAsync(project, environment, ["--noprofile", "--norc", "-eo", "pipefail", "-c"], steps);
    }

    [ProgramsFact("bash")]
    public async Task The_script_of_GitLab_passes_without_any_option_and_with_a_name_that_has_a_space()
    {
        (string, string)[] nothing = [("auth", "none"), ("migrations", "false"), ("cache", "none"), ("rate-limiting", "false"), ("websockets", "false"), ("docker", "false"), ("nginx", "false"), ("ci", "gitlab"), ("sample", "false")];
        var project = await GenerateAsync("My App", nothing);
        var folder = Path.Combine(project.Folder, ".gitlab");
        string[] script = [.. PipelineSteps.OfGitLab(Path.Combine(folder, "test.yml"), "test"), .. PipelineSteps.OfGitLab(Path.Combine(folder, "release.yml"), "package")];
        Assert.Equal(7, script.Length);

        await RunAsync(project, new Dictionary<string, string> { ["CI"] = "true" }, ["-eo", "pipefail", "-c"], [string.Join('\n', script)]);
    }

    private static async Task<GeneratedProject> GenerateAsync(string name, params (string, string)[] values) =>
        await (await TemplateHive.InstalledAsync()).GenerateAsync(name, Suite.Template.Space.FirstWith(values));

    private static async Task RunAsync(GeneratedProject project, Dictionary<string, string> environment, string[] shell, string[] steps)
    {
        foreach (var step in steps)
        {
            (await Cli.RunAsync("bash", project.Folder, Patience, [.. shell, step], environment)).EnsureSucceeded();
        }

        // What the last steps made is what the deployment gets.
        var archive = (await Cli.RunAsync("tar", project.Folder, Patience, ["--list", "--file", "release.tar.gz"])).EnsureSucceeded();
        Assert.Matches(@"(?m)^\./[\w. ]+\.runtimeconfig\.json$", archive.Output);
    }
}
