extern alias Grading;
using System.Diagnostics;
using InterviewApi.Templates.Tests.Assignments;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Rendering;
using Baseline = Grading::Baseline;
using SelfTest = Grading::SelfTest;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// The take-home kit grades what has a known result. Each run takes one domain and variant of each level with two of its
/// mutants, which ASSIGNMENTS=NUMBER chooses, and without it the reference alone of the last level; ASSIGNMENTS=all takes three
/// variants of each domain with all mutants.
/// </summary>
[Trait("Level", "Assignment")]
public sealed class AssignmentTests
{
    private const string Name = EveryCombination.ProjectName;

    private static readonly string? Chosen = Environment.GetEnvironmentVariable("ASSIGNMENTS");

    private static readonly bool All = Chosen == "all";

    private static readonly int Round = int.TryParse(Chosen, out var round) ? round : 0;

    // The checks of one kit are built once for all submissions.
    private static readonly Lazy<Task<AssignmentKit>> Shared = new(() => AssignmentKit.GenerateAsync("junior", "tickets", 2));

    public static TheoryData<string, string, int> Kits()
    {
        var kits = new TheoryData<string, string, int>();
        foreach (var (offset, level) in AssignmentDraws.Levels.Index())
        {
            foreach (var (index, domain) in AssignmentDraws.Domains.Index())
            {
                int[] today = index == (Round + offset) % AssignmentDraws.Domains.Count ? [(Round + (index * 11)) % 100] : [];
                foreach (var variant in All ? [1, 17, 42 + index] : today)
                {
                    kits.Add(level, domain, variant);
                }
            }
        }

        return kits;
    }

    [Theory]
    [MemberData(nameof(Kits))]
    public async Task The_handout_has_no_point_the_reference_has_all_and_each_mutant_loses_those_of_its_area(
        string level, string domain, int variant)
    {
        var kit = await AssignmentKit.GenerateAsync(level, domain, variant);
        var mutants = Directory.GetFiles(Path.Combine(kit.Folder, "review", "mutants"))
            .Select(file => Path.GetFileNameWithoutExtension(file)!).Order().ToArray();
        string[] today = [mutants[Round * 2 % mutants.Length], mutants[((Round * 2) + 1) % mutants.Length]];

        // Two instances and a large import take half a minute each time.
        string[] graded = level == "senior" && Chosen is null ? ["reference"] : ["handout", "reference", .. today];
        var lines = new List<string>();
        await using var selfTest = await SelfTest.OpenAsync(kit.Kit);

        var failed = await selfTest.RunAsync(All ? null : graded, lines.Add);

        Assert.True(mutants.Length >= 8);
        Assert.True(failed == 0 && lines.Count == (All ? 2 + mutants.Length : graded.Length), string.Join('\n', lines));

        // A solution of another variant does not fit.
        if (All || level == "junior")
        {
            var other = await AssignmentKit.GenerateAsync(level, domain, variant + 13);
            Baseline.Copy(Path.Combine(other.Folder, "review", "reference", "src"), Path.Combine(selfTest.Project, "src"));
            var grade = await selfTest.GradeAsync();
            Assert.InRange(grade.Points, 0, 0.9 * grade.Of);
        }

        // A reviewer can build the pull request.
        if (All && level == "senior")
        {
            await Baseline.GitAsync(selfTest.Project, "reset", "--quiet", "--hard");
            await Baseline.GitAsync(selfTest.Project, "clean", "--quiet", "-d", "--force");
            await Baseline.GitAsync(selfTest.Project, "apply", "pull-request.patch");
            string[] build = ["build", "-warnaserror", "-p:NuGetAudit=false"];
            (await Cli.DotnetAsync(selfTest.Project, TimeSpan.FromMinutes(5), build)).EnsureSucceeded();
        }
    }

    [Fact]
    public async Task A_submission_is_measured_and_tampering_is_named()
    {
        var kit = await Shared.Value;
        var repository = await kit.SubmitAsync("tampered", repository =>
        {
            kit.AddReference(repository);
            File.Delete(Path.Combine(repository, $"tests/{Name}.Tests/Architecture/LayerTests.cs"));
            File.AppendAllText(Path.Combine(repository, "checks/checks.cs"), "// Changed.\n");
            var gate = Path.Combine(repository, "check.sh");
            File.WriteAllText(gate, File.ReadAllText(gate).Replace(" -warnaserror", "", StringComparison.Ordinal));
            File.AppendAllText(Path.Combine(repository, $"src/{Name}/Program.cs"), "#pragma warning disable CA1822\n");
        });
        await AssignmentKit.GitAsync(repository, "checkout", "--quiet", "--orphan", "rewritten");
        await AssignmentKit.GitAsync(repository, "commit", "--quiet", "--message", "Everything, by Jane Candidate");

        var score = await kit.ScoreAsync(repository, "C-017");

        var remarks = string.Join('\n', score["remarks"]!.AsArray().Select(remark => (string)remark!));
        Assert.Contains("The history does not contain the commit", remarks, StringComparison.Ordinal);
        const string uses = "and grading uses the handout's:";
        Assert.Contains($"was deleted, {uses} tests/{Name}.Tests/Architecture/LayerTests.cs", remarks, StringComparison.Ordinal);
        Assert.Contains($"was changed, {uses} checks/checks.cs", remarks, StringComparison.Ordinal);
        Assert.Contains($"was changed, {uses} check.sh", remarks, StringComparison.Ordinal);
        Assert.Contains("A rule is switched off: #pragma warning disable CA1822", remarks, StringComparison.Ordinal);
        Assert.Equal((double)score["of"]!, (double)score["points"]!);
        Assert.Empty(score["contractDifferences"]!.AsArray());
        Assert.Equal((0, 5), ((int)score["tests"]!["failed"]!, (int)score["tests"]!["added"]!));
        Assert.InRange((double)score["tests"]!["coveredLines"]! / (double)score["tests"]!["lines"]!, 0.8, 1);
        Assert.All(
            Directory.GetFiles(Path.Combine(kit.Folder, "results", "C-017")),
            file => Assert.DoesNotContain("Jane", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("endless", 3, "while (true) { Console.WriteLine(new string('x', 10_000)); }", "could not start")]
    [InlineData("fork-bomb", 30, "for (var i = 0; i < 300; i++) { System.Diagnostics.Process.Start(\"setsid\", [\"sleep\", \"600\"]); } Thread.Sleep(-1);", "fork bomb")]
    public async Task A_hostile_submission_is_survived_named_and_ended(string name, int startSeconds, string program, string expected)
    {
        Requires.Programs("prlimit", "setsid");
        var kit = await Shared.Value;
        var repository = await kit.SubmitAsync(name, repository => AssignmentKit.ReplaceProgram(repository, program));

        var score = await kit.ScoreAsync(repository, "C-666", startSeconds);

        Assert.True("could not start" == (string)score["result"]!, score.ToJsonString());
        Assert.True((string?)score["build"] is "without warnings", score.ToJsonString());
        Assert.Null(score["points"]);
        Assert.Contains(expected, score.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateDirectories("/proc"), process => IsLeftOver(process));
    }

    [Fact]
    public async Task A_submission_in_another_language_says_what_is_not_measured_and_is_graded_where_it_runs()
    {
        Assert.SkipUnless(Requires.IsOnPath("python3"), "python3 is not installed");
        var kit = await Shared.Value;
        var program = AssignmentDraws.Of("junior", "tickets", 2).OrderByDescending(draw => draw.Token.StartsWith('%')).Aggregate(
            await File.ReadAllTextAsync(Path.Combine(Suite.ProjectFolder, "Fixtures", "assignments", "solution.py")),
            (text, draw) => text.Replace(draw.Token, draw.Value, StringComparison.Ordinal));
        var repository = await kit.SubmitAsync("another-language", repository =>
        {
            Directory.Delete(Path.Combine(repository, "src"), recursive: true);
            File.Delete(Path.Combine(repository, "Directory.Packages.props"));
            File.WriteAllText(Path.Combine(repository, "solution.py"), program);
        });

        var built = await kit.ScoreAsync(repository, "C-011");
        using var application = Process.Start(
            new ProcessStartInfo("python3", [Path.Combine(repository, "solution.py")]) { RedirectStandardOutput = true })!;
        try
        {
            var address = await application.StandardOutput.ReadLineAsync();
            var running = await kit.ScoreRunningAsync(repository, "C-012", address!);
            var lost = running["checks"]!.AsArray().GroupBy(check => (string)check!["area"]!)
                .Select(area => (area.Key, Lost: Math.Round(area.Sum(check => (double)check!["of"]! - (double)check["points"]!), 1)))
                .Where(area => area.Lost > 0).ToDictionary(area => area.Key, area => area.Lost);

            Assert.Contains($"There is no src/{Name}/{Name}.csproj", (string)built["reason"]!, StringComparison.Ordinal);
            Assert.Equal("not measured", (string)running["build"]!);
            Assert.Equal(["Final state", "Representation", "Resource"], lost.Keys.Order());
            Assert.Equal((1.5, 2), (lost["Final state"], lost["Representation"]));
            Assert.InRange(lost["Resource"], 1, 2);
        }
        finally
        {
            application.Kill();
        }
    }

    [Fact]
    public async Task The_command_hands_out_the_commit_that_grading_makes_again()
    {
        var kit = await Shared.Value;
        var repository = Path.Combine(Path.GetDirectoryName(kit.Folder)!, "handed-out");

        var result = (await kit.RunAsync("hand-out", repository)).EnsureSucceeded();

        var baseline = await Baseline.CreateAsync(kit.Kit, new TemporaryFolder($"baseline-{Guid.NewGuid():N}").Path);
        Assert.Contains($"Its first commit is {baseline}", result.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await kit.RunAsync("hand-out", repository)).ExitCode);
        Assert.Equal(2, (await kit.RunAsync(repository, "--id", "Jane Candidate")).ExitCode);
    }

    private static bool IsLeftOver(string process)
    {
        try
        {
            var command = File.ReadAllText(Path.Combine(process, "cmdline"));
            return command.StartsWith("sleep\0600", StringComparison.Ordinal)
                || (command.Contains("grade-", StringComparison.Ordinal) && command.Contains($"{Name}.dll", StringComparison.Ordinal));
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
