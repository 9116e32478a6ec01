using System.Diagnostics;
using System.Globalization;

/// <summary>
/// Grades what must have a known result: the untouched handout has no point, the reference has all, and each mutant loses
/// points in the area that its file names and in no other. The project is restored once, and each build takes over what
/// did not change.
/// </summary>
public sealed class SelfTest : IAsyncDisposable
{
    private readonly Kit _kit;
    private readonly CheckRunner _checks;
    private readonly string _work;

    private SelfTest(Kit kit, CheckRunner checks, string work) => (_kit, _checks, _work) = (kit, checks, work);

    /// <value>The folder of the project that is graded: the handout, until somebody changes it.</value>
    public string Project => Path.Combine(_work, "project");

    public static async Task<SelfTest> OpenAsync(Kit kit)
    {
        var work = Directory.CreateTempSubdirectory("grade-self-test-").FullName;
        await Baseline.CreateAsync(kit, Path.Combine(work, "project"));
        await Processes.RequireAsync(Path.Combine(work, "project"), "dotnet", "restore", $"src/{kit.Name}", "-p:NuGetAudit=false");
        return new SelfTest(kit, await CheckRunner.BuildAsync(kit, work), work);
    }

    /// <param name="only">Names of mutants, <c>reference</c> or <c>handout</c>; null runs all.</param>
    /// <returns>How many results are not the known ones.</returns>
    public async Task<int> RunAsync(string[]? only, Action<string> log)
    {
        var failed = 0;
        if (only?.Contains("handout") != false)
        {
            failed += await TryAsync("handout", [], grade => grade.Points == 0);
        }

        Baseline.Copy(Path.Combine(_kit.Review, "reference"), Project);
        await Baseline.GitAsync(Project, "apply", "wiring.patch");
        File.Delete(Path.Combine(Project, "wiring.patch"));
        if (only?.Contains("reference") != false)
        {
            failed += await TryAsync("reference", [], grade => grade.Points == grade.Of && grade.ContractDifferences.Count == 0);
        }

        foreach (var mutant in Directory.GetFiles(Path.Combine(_kit.Review, "mutants"), "*.patch").Order())
        {
            var name = Path.GetFileNameWithoutExtension(mutant);
            if (only?.Contains(name) != false)
            {
                // The first line says where the mistake costs points.
                var area = File.ReadLines(mutant).First()["Area: ".Length..];
                await Baseline.GitAsync(Project, "apply", mutant);
                failed += await TryAsync(name, [area], grade => LosesOnly(grade, area));
                await Baseline.GitAsync(Project, "apply", "--reverse", mutant);
            }
        }

        return failed;

        async Task<int> TryAsync(string name, string[] areas, Func<Grade, bool> isExpected)
        {
            var watch = Stopwatch.StartNew();
            var grade = await GradeAsync();
            var expected = grade.CouldNotStart is null && isExpected(grade);
            var loses = string.Concat(areas.Select(area => $", loses {area}"));
            log(string.Create(
                CultureInfo.InvariantCulture,
                $"{(expected ? "ok" : "WRONG")} {name}: {grade.Summary} ({watch.Elapsed.TotalSeconds:0.0} s){loses}"));
            if (!expected)
            {
                var lost = grade.Checks.Where(check => check.Points < check.Of).Select(check => $"{check.Area}: {check.Message}");
                log(string.Join('\n', lost.Concat(grade.ContractDifferences).Append(grade.CouldNotStart ?? "")));
            }

            return expected ? 0 : 1;
        }
    }

    /// <summary>Builds the project as it is, and runs the checks once.</summary>
    public async Task<Grade> GradeAsync()
    {
        await Processes.RequireAsync(
            Project, "dotnet", "build", $"src/{_kit.Name}", "--no-restore", "--configuration", "Release", "-maxcpucount:1",
            "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false");
        await using var sandbox = new TrustedSandbox();
        await sandbox.OpenAsync(Project);
        var grade = new Grade { Submission = Submission.Empty(Project), Sandbox = sandbox.Description };
        await _checks.RunAsync(grade, sandbox, _kit, runs: 1);
        return grade;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_work, recursive: true);
        return ValueTask.CompletedTask;
    }

    // A mistake that costs less than a point would not be seen by who reads the score.
    private static bool LosesOnly(Grade grade, string area) =>
        Math.Round(grade.Of - grade.Points, 1) >= 1
        && grade.Checks.Where(check => check.Points < check.Of).All(check => check.Area == area);
}
