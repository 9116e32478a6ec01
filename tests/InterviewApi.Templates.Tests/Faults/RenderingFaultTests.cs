using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Faults;

/// <summary>Putting combinations together is the same as running the engine for each, or it is refused.</summary>
[Trait("Level", "Faults")]
public sealed class RenderingFaultTests
{
    private const string Program = "base/src/Interview.Api/Program.cs";
    private const string TemplateJson = ".template.config/template.json";

    [Theory]
    [InlineData(Program, "var app", "var app")]
    [InlineData(
        TemplateJson, "\"condition\": \"(UseDocker)\"",
        "\"modifiers\": [{ \"condition\": \"(!UseDocker || UseRedis)\", \"exclude\": [\"**/*\"] }]")]
    [InlineData(
        TemplateJson, "\"source\": \"./base/\"",
        "\"modifiers\": [{ \"condition\": \"(UseDocker)\", \"copyOnly\": [\"**/Program.cs\"] }], \"source\": \"./base/\"")]
    [InlineData(TemplateJson, "\"defaultValue\": \"local\"", "\"replaces\": \"AddLogs\", \"defaultValue\": \"local\"")]
    public async Task However_a_symbol_acts_the_outcome_is_that_of_the_engine(string file, string text, string replacement)
    {
        using var template = new BrokenTemplate().Replace(file, text, replacement);
        var engine = await EveryCombination.RenderAsync(template.Definition, full: true, CancellationToken.None);
        var together = await EveryCombination.RenderAsync(template.Definition, full: false, CancellationToken.None);

        Assert.Equal(template.Definition.Space.Count, engine.Runs);
        Assert.Equal("", SnapshotComparison.Describe(engine.Table, together.Table));
    }

    [Fact]
    public async Task A_file_that_depends_on_what_it_does_not_name_is_refused()
    {
        using var template = new BrokenTemplate()
            .Replace(
                TemplateJson, "\"UseAuth\": {",
                "\"secret\": { \"type\": \"generated\", \"generator\": \"guid\", \"replaces\": \"tested\" }, \"UseAuth\": {");
        var error = await Assert.ThrowsAsync<InvalidDataException>(
            () => EveryCombination.RenderAsync(template.Definition, full: false, CancellationToken.None));

        Assert.Contains(
            "README.md depends on more than the options that its source names (docker): ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_runs_show_every_assignment()
    {
        var space = new OptionSpace(
            [.. Enumerable.Range(0, 8).Select(index => new TemplateOption($"o{index}", $"o{index}", ["true", "false"]))]);
        int[][] relevant = [[0, 1, 2], [2, 3], [4, 5, 6], [7], []];
        var runs = RenderingRuns.Choose(space, relevant);

        Assert.All(relevant, set => Assert.Equal(space.Project(set), runs.Select(run => space.Reduce(run, set)).Distinct().Order()));
        Assert.Equal(8, runs.Count);
    }
}
