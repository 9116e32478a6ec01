using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The linters of pipelines, over every distinct rendering and over the pack's own workflows.</summary>
[Trait("Level", "Edge")]
public sealed partial class PipelineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly string PackWorkflows = Path.Combine(SdkAssemblies.RepositoryRoot, ".github", "workflows");

    // How lines are broken and lists are written is a matter of taste.
    private const string YamlRules = "{extends: default, rules: {line-length: disable, document-start: disable, truthy: {check-keys: false}, comments: disable, comments-indentation: disable, braces: disable, brackets: disable}}";

    [Fact]
    public async Task GitHub_understands_every_workflow()
    {
        Requires.Programs("node", "npm");
        var workflows = await WorkflowsAsync();

        Assert.True(workflows.Count >= 10, $"There are only {workflows.Count} workflows.");
        (await PipelineLinters.WorkflowsAsync(workflows)).EnsureSucceeded();
    }

    [Fact]
    public async Task GitLab_understands_every_pipeline()
    {
        Requires.Programs("node", "npm", "git");
        var table = await Suite.RenderedAsync();
        var projects = table.DistinctProjects(".gitlab-ci.yml");
        Assert.True(projects.Count >= 8, $"There are only {projects.Count} pipelines.");

        foreach (var number in projects)
        {
            var result = (await PipelineLinters.GitLabAsync(await WrittenRenderings.ProjectAsync("gitlab", number))).EnsureSucceeded();

            Assert.Contains("json schema validated", result.Output, StringComparison.Ordinal);
            Assert.Contains("\ntest;", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_YAML_file_is_well_formed()
    {
        Requires.Programs("yamllint");
        var files = await WrittenRenderings.WriteAsync("yaml", path => Path.GetExtension(path) is ".yml" or ".yaml");

        (await Cli.RunAsync("yamllint", "/", Patience, ["--strict", "--config-data", YamlRules, .. files, PackWorkflows]))
            .EnsureSucceeded();
    }

    [Fact]
    public async Task Every_action_is_pinned_by_its_commit()
    {
        var uses = (await WorkflowsAsync()).SelectMany(File.ReadAllLines).Where(
            line => line.Contains("uses: ", StringComparison.Ordinal) && !line.Contains("uses: ./", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(PinnedAction(), line));
    }

    private static async Task<IReadOnlyList<string>> WorkflowsAsync() =>
        [
            .. await WrittenRenderings.WriteAsync("workflows", path => path.StartsWith(".github/workflows/", StringComparison.Ordinal)),
            .. Directory.GetFiles(PackWorkflows)];

    [GeneratedRegex(@"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex PinnedAction();
}
