using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Level 2: every byte of every combination is approved.</summary>
[Trait("Level", "Snapshot")]
public sealed class SnapshotTests
{
    [Fact]
    public async Task Every_combination_is_as_approved()
    {
        var actual = (await Suite.RenderedAsync()).Map(Scrubber.Scrub);
        if (Suite.Approving)
        {
            Suite.Snapshots.Approve(actual);
        }

        var report = SnapshotComparison.Describe(Suite.Snapshots.Read(Suite.Template.Space), actual);
        if (report.Length > 0)
        {
            Suite.Snapshots.WriteReceived(actual);
        }

        Assert.True(report.Length == 0, $"The output is not as approved. If it should be so: ./test.sh approve\n\n{report}");
    }

    [Fact]
    public async Task What_is_put_together_is_what_the_engine_generates()
    {
        var table = await Suite.RenderedAsync();
        using var engine = await TemplateEngine.LoadAsync(Suite.Template.Folder, CancellationToken.None);
        foreach (var (_, combination) in CoveringArray.Pairwise())
        {
            var generated = await engine.GenerateAsync(EveryCombination.ProjectName, combination.ToParameters(), CancellationToken.None);

            Assert.Equal(generated.Select(file => (file.Key, file.Value)), table.Project(combination.Number));
        }
    }

    [Fact]
    public async Task The_folders_of_the_official_verifier_are_what_the_engine_generates()
    {
        var actual = (await Suite.RenderedAsync()).Map(Scrubber.Scrub);
        var scenarios = new VerifierScenarios(Path.Combine(SdkAssemblies.RepositoryRoot, "tests", "InterviewApi.Templates.Verifier"));
        if (Suite.Approving)
        {
            scenarios.Approve(actual, Suite.Template.ShortName);
        }

        Problems.AssertNone(scenarios.Differences(actual, Suite.Template.ShortName), "These files are stale: ./test.sh approve");
    }
}
