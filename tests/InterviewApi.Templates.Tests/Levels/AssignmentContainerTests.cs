using InterviewApi.Templates.Tests.Assignments;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The code of a candidate is graded in a container, which is the default.</summary>
[Trait("Level", "Containers")]
public sealed class AssignmentContainerTests
{
    [Fact]
    public async Task A_submission_is_graded_in_a_container_without_network()
    {
        Requires.Containers();
        var kit = await AssignmentKit.GenerateAsync("bookings", 5);
        var repository = await kit.SubmitAsync("solution", kit.AddReference);

        var score = await kit.ScoreAsync(repository, "C-005", inContainer: true);

        Assert.Contains("without network", (string)score["sandbox"]!, StringComparison.Ordinal);
        Assert.Equal("clean", (string)score["format"]!);
        Assert.Equal(0, (int)score["tests"]!["failed"]!);
        Assert.Equal((double)score["of"]!, (double)score["points"]!);
        await NoContainerIsLeftAsync();
    }

    [Fact]
    public async Task A_program_that_starts_others_without_end_is_survived()
    {
        Requires.Containers();
        const string program =
            "for (;;) { try { System.Diagnostics.Process.Start(\"sleep\", [\"600\"]); } catch (Exception) { Thread.Sleep(100); } }";
        var kit = await AssignmentKit.GenerateAsync("tickets", 6);
        var repository = await kit.SubmitAsync("fork-bomb", repository => AssignmentKit.ReplaceProgram(repository, program));

        var score = await kit.ScoreAsync(repository, "C-006", inContainer: true);

        Assert.Equal("could not start", (string)score["result"]!);
        Assert.True((string?)score["build"] is "without warnings", score.ToJsonString());
        await NoContainerIsLeftAsync();
    }

    private static async Task NoContainerIsLeftAsync() =>
        Assert.Empty(Docker.Lines((await Docker.RunAsync("ps", "--all", "--quiet", "--filter", "name=grade-")).EnsureSucceeded().Output));
}
