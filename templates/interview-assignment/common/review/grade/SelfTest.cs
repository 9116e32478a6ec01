using System.Diagnostics;
using System.Globalization;

/// <summary>
/// Grades what must have a known result: the untouched handout has no point, the reference has all, and each mutant loses
/// points in the area that its file names and in no other.
/// </summary>
public static class SelfTest
{
    /// <param name="only">The name of a mutant, <c>reference</c> or <c>handout</c>; null runs all.</param>
    public static async Task<int> RunAsync(Kit kit, string? only)
    {
        var work = Directory.CreateTempSubdirectory("grade-self-test-").FullName;
        try
        {
            var project = Path.Combine(work, "project");
            await Baseline.CreateAsync(kit, project);
            var checks = await CheckRunner.BuildAsync(kit, work);
            var failed = 0;
            if (only is null or "handout")
            {
                failed += await TryAsync("handout", [], grade => grade.Points == 0);
            }

            Baseline.Copy(Path.Combine(kit.Review, "reference"), project);
            await Baseline.GitAsync(project, "apply", "wiring.patch");
            File.Delete(Path.Combine(project, "wiring.patch"));
            if (only is null or "reference")
            {
                failed += await TryAsync("reference", [], grade => grade.Points == grade.Of && grade.ContractDifferences.Count == 0);
            }

            foreach (var mutant in Directory.GetFiles(Path.Combine(kit.Review, "mutants"), "*.patch").Order())
            {
                var name = Path.GetFileNameWithoutExtension(mutant);
                if (only is null || only == name)
                {
                    // The first line says where the mistake costs points.
                    var area = File.ReadLines(mutant).First()["Area: ".Length..];
                    await Baseline.GitAsync(project, "apply", mutant);
                    failed += await TryAsync(name, [area], grade => grade.Checks.Where(check => check.Points < check.Of).Select(check => check.Area).Distinct().SequenceEqual([area]));
                    await Baseline.GitAsync(project, "apply", "--reverse", mutant);
                }
            }

            return failed == 0 ? 0 : 1;

            async Task<int> TryAsync(string name, string[] areas, Func<Grade, bool> isExpected)
            {
                var watch = Stopwatch.StartNew();
                await Processes.RequireAsync(project, "dotnet", "build", $"src/{kit.Name}", "--configuration", "Release", "-maxcpucount:1", "-p:NuGetAudit=false", "-p:TreatWarningsAsErrors=false");
                await using var sandbox = new TrustedSandbox();
                await sandbox.OpenAsync(project);
                var grade = new Grade { Submission = Submission.Empty(project), Sandbox = sandbox.Description };
                await checks.RunAsync(grade, sandbox, kit, runs: 1);
                var lost = grade.Checks.Where(check => check.Points < check.Of).Select(check => $"{check.Area}: {check.Message}").ToArray();
                var expected = grade.CouldNotStart is null && isExpected(grade);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(expected ? "ok" : "WRONG")} {name}: {grade.Summary} ({watch.Elapsed.TotalSeconds:0.0} s){string.Concat(areas.Select(area => $", loses {area}"))}"));
                if (!expected)
                {
                    Console.WriteLine(string.Join('\n', lost.Concat(grade.ContractDifferences).Append(grade.CouldNotStart ?? "")));
                }

                return expected ? 0 : 1;
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }
}
