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

            // The record of the flags aside, which differs in every combination.
            Assert.Equal(
                generated.Select(file => (file.Key, Scrubber.RemoveFlags(file.Key, file.Value))), table.Project(combination.Number));
        }
    }

    [Fact]
    public async Task The_official_verifier_compares_with_what_the_engine_generates()
    {
        Assert.SkipWhen(Suite.Approving, "The snapshots are being written.");
        var folder = new TemporaryFolder("verifier");
        using var engine = await TemplateEngine.LoadAsync(Suite.Template.Folder, CancellationToken.None);
        var approved = Suite.Snapshots.Read(Suite.Template.Space);
        foreach (var (scenario, combination) in VerifierScenarios.Of(Suite.Template.Space))
        {
            var generated = await engine.GenerateAsync(EveryCombination.ProjectName, combination.ToParameters(), CancellationToken.None);
            VerifierScenarios.Write(approved, combination, Path.Combine(folder.Path, scenario));

            Assert.Equal(
                generated.ToDictionary(file => VerifierScenarios.FileName(file.Key), file => Scrubber.Scrub(file.Key, file.Value)),
                Written(Path.Combine(folder.Path, scenario)));
        }
    }

    private static Dictionary<string, byte[]> Written(string folder) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .ToDictionary(path => Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllBytes);
}
