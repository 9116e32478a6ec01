using InterviewApi.Templates.Tests.Assignments;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// The take-home kit grades what has a known result. Each run takes one variant of each domain, and the mutants of one of
/// them, which ASSIGNMENTS=NUMBER changes; ASSIGNMENTS=all takes three variants of each with all mutants.
/// </summary>
[Trait("Level", "Assignment")]
public sealed class AssignmentTests
{
    private static readonly string? Chosen = Environment.GetEnvironmentVariable("ASSIGNMENTS");

    private static readonly bool All = Chosen == "all";

    private static readonly int Round = int.TryParse(Chosen, out var round) ? round : 0;

    public static TheoryData<string, int, bool> Kits()
    {
        var kits = new TheoryData<string, int, bool>();
        foreach (var (index, domain) in AssignmentDraws.Domains.Index())
        {
            int[] variants = All ? [1, 17, 42 + index] : [(Round + (index * 11)) % 100];
            foreach (var variant in variants)
            {
                kits.Add(domain, variant, All || index == Round % AssignmentDraws.Domains.Count);
            }
        }

        return kits;
    }

    [Theory]
    [MemberData(nameof(Kits))]
    public async Task The_handout_has_no_point_the_reference_has_all_and_each_mutant_loses_those_of_its_area(
        string domain, int variant, bool withMutants)
    {
        var kit = await AssignmentKit.GenerateAsync(domain, variant);

        if (withMutants)
        {
            var result = await kit.GradeAsync("self-test");
            Assert.True(result.ExitCode == 0, result.Output);
            Assert.True(result.Output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)) >= 2 + 8, result.Output);
        }
        else
        {
            var result = await kit.GradeAsync("self-test", "--only", "reference");
            Assert.True(result.ExitCode == 0 && result.Output.Contains("ok reference", StringComparison.Ordinal), result.Output);
        }
    }

    [Fact]
    public async Task A_solution_of_another_variant_does_not_fit()
    {
        var (kit, other) = (await AssignmentKit.GenerateAsync("orders", 4), await AssignmentKit.GenerateAsync("orders", 17));
        var repository = await kit.SubmitAsync("published", other.AddReference);

        var score = await kit.ScoreAsync(repository, "C-004");

        Assert.InRange((double)score["points"]!, 0, 0.9 * (double)score["of"]!);
    }

    [Fact]
    public async Task A_submission_is_measured_and_tampering_is_named()
    {
        var kit = await AssignmentKit.GenerateAsync("tickets", 2);
        var repository = await kit.SubmitAsync("tampered", repository =>
        {
            kit.AddReference(repository);
            File.Delete(Path.Combine(repository, $"tests/{EveryCombination.ProjectName}.Tests/Architecture/LayerTests.cs"));
            File.AppendAllText(Path.Combine(repository, "checks/checks.cs"), "// Changed.\n");
            File.AppendAllText(
                Path.Combine(repository, $"src/{EveryCombination.ProjectName}/Program.cs"), "#pragma warning disable CA1822\n");
        });
        await AssignmentKit.GitAsync(repository, "checkout", "--quiet", "--orphan", "rewritten");
        await AssignmentKit.GitAsync(repository, "commit", "--quiet", "--message", "Everything, by Jane Candidate");

        var score = await kit.ScoreAsync(repository, "C-017");

        var remarks = string.Join('\n', score["remarks"]!.AsArray().Select(remark => (string)remark!));
        Assert.Contains("The history does not contain the commit", remarks, StringComparison.Ordinal);
        Assert.Contains("was deleted, and grading uses the handout's: tests/Acme.Shop.Tests/Architecture/LayerTests.cs", remarks, StringComparison.Ordinal);
        Assert.Contains("was changed, and grading uses the handout's: checks/checks.cs", remarks, StringComparison.Ordinal);
        Assert.Contains("A rule is switched off: #pragma warning disable CA1822", remarks, StringComparison.Ordinal);
        Assert.Equal((double)score["of"]!, (double)score["points"]!);
        Assert.Empty(score["contractDifferences"]!.AsArray());
        Assert.Equal(0, (int)score["tests"]!["failed"]!);
        Assert.InRange((double)score["tests"]!["coveredLines"]! / (double)score["tests"]!["lines"]!, 0.8, 1);
        Assert.All(
            Directory.GetFiles(Path.Combine(kit.Folder, "results", "C-017")),
            file => Assert.DoesNotContain("Jane", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("endless", "while (true) { Console.WriteLine(new string('x', 10_000)); }", "could not start")]
    [InlineData("fork-bomb", "for (var i = 0; i < 300; i++) { System.Diagnostics.Process.Start(\"setsid\", [\"sleep\", \"600\"]); } Thread.Sleep(-1);", "fork bomb")]
    public async Task A_hostile_submission_is_survived_named_and_ended(string name, string program, string expected)
    {
        Requires.Programs("prlimit", "setsid");
        var kit = await AssignmentKit.GenerateAsync("loans", 3);
        var repository = await kit.SubmitAsync(name, repository => AssignmentKit.ReplaceProgram(repository, program));

        var score = await kit.ScoreAsync(repository, "C-666");

        Assert.True("could not start" == (string)score["result"]!, score.ToJsonString());
        Assert.True((string?)score["build"] is "without warnings", score.ToJsonString());
        Assert.Null(score["points"]);
        Assert.Contains(expected, score.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateDirectories("/proc"), process => IsLeftOver(process));
    }

    private static bool IsLeftOver(string process)
    {
        try
        {
            var command = File.ReadAllText(Path.Combine(process, "cmdline"));
            return command.StartsWith("sleep\0600", StringComparison.Ordinal)
                || (command.Contains("grade-", StringComparison.Ordinal)
                    && command.Contains($"{EveryCombination.ProjectName}.dll", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
