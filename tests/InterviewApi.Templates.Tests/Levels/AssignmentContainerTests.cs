using InterviewApi.Templates.Tests.Assignments;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The code of a candidate is graded in a container, which is the default.</summary>
[Trait("Level", "Containers")]
[Collection(nameof(ContainerGroup))]
public sealed class AssignmentContainerTests
{
    // Without a network there is no route, only the heading of the table.
    private const string NetworkTests =
        """
        namespace Acme.Shop.Tests.Unit;

        public sealed class NetworkTests
        {
            [Fact]
            public void There_is_no_route() => Assert.Single(File.ReadAllLines("/proc/net/route"));
        }

        """;

    [Fact]
    public async Task A_submission_is_graded_in_a_container_without_network()
    {
        Requires.Containers();
        var level = Environment.GetEnvironmentVariable("ASSIGNMENTS") == "all" ? "senior" : "mid";
        var kit = await AssignmentKit.GenerateAsync(level, "bookings", 5);
        var repository = await kit.SubmitAsync("solution", repository =>
        {
            kit.AddReference(repository);
            File.WriteAllText(Path.Combine(repository, $"tests/{EveryCombination.ProjectName}.Tests/Unit/NetworkTests.cs"), NetworkTests);
        });

        var score = await kit.ScoreInContainerAsync(repository, "C-005");

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
        var kit = await AssignmentKit.GenerateAsync("junior", "tickets", 6);
        var repository = await kit.SubmitAsync("fork-bomb", repository => AssignmentKit.ReplaceProgram(repository, program));

        var score = await kit.ScoreInContainerAsync(repository, "C-006");

        Assert.Equal("could not start", (string)score["result"]!);
        Assert.True((string?)score["build"] is "without warnings", score.ToJsonString());
        await NoContainerIsLeftAsync();
    }

    private static async Task NoContainerIsLeftAsync() =>
        Assert.Empty(Docker.Lines((await Docker.RunAsync("ps", "--all", "--quiet", "--filter", "name=grade-")).EnsureSucceeded().Output));
}
