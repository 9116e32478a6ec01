using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

/// <summary>Grades one submission, step by step.</summary>
public sealed partial class Grader(Kit kit, ISandbox sandbox, Action<string> log)
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(5);

    public async Task<Grade> GradeAsync(string source)
    {
        var work = Directory.CreateTempSubdirectory("grade-").FullName;
        try
        {
            log("Comparing with the handout …");
            var submission = await Submission.ReadAsync(kit, source, work);
            var grade = new Grade { Submission = submission, Sandbox = sandbox.Description };
            if (sandbox is RunningApplication || await BuildAndTestAsync(grade))
            {
                var checks = await CheckRunner.BuildAsync(kit, work);
                log("Running the checks, three times …");
                await checks.RunAsync(grade, sandbox, kit);
            }

            return grade;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private async Task<bool> BuildAndTestAsync(Grade grade)
    {
        var project = $"src/{kit.Name}/{kit.Name}.csproj";
        if (!File.Exists(Path.Combine(grade.Submission.Folder, project)))
        {
            grade.CouldNotStart =
                $"There is no {project}, so build, format, tests and coverage cannot be measured. "
                + "Start the application as its NOTES.md or README.md says, and grade it again with --running URL.";
            return false;
        }

        await sandbox.OpenAsync(grade.Submission.Folder);
        log("Building …");
        if (!await BuildAsync(grade))
        {
            return false;
        }

        log("Running the candidate's tests …");
        await TestAsync(grade);
        return true;
    }

    private async Task<bool> BuildAsync(Grade grade)
    {
        var restored = await sandbox.RunAsync(BuildLimit, "dotnet", "restore", "-p:NuGetAudit=false");
        if (!restored.Succeeded)
        {
            grade.CouldNotStart = $"The packages could not be restored: {restored.Stopped ?? restored.Tail}";
            return false;
        }

        var format = await sandbox.RunAsync(BuildLimit, "dotnet", "format", "--no-restore", "--verify-no-changes");
        var places = format.Output.Split('\n').Count(line => line.Contains(": error ", StringComparison.Ordinal));
        grade.Format = format.Stopped ?? (format.Succeeded ? "clean" : $"{places} places differ");
        string[] build = ["dotnet", "build", "--no-restore", "--configuration", "Release", "-maxcpucount:1"];
        var strict = await sandbox.RunAsync(BuildLimit, build);
        if (strict.Succeeded)
        {
            grade.Build = "without warnings";
            return true;
        }

        var lenient = strict.Stopped is null ? await sandbox.RunAsync(BuildLimit, [.. build, "-p:TreatWarningsAsErrors=false"]) : strict;
        grade.Build = lenient.Succeeded ? "with warnings, which are errors in a release" : "failed";
        grade.CouldNotStart = lenient.Succeeded ? null : $"It does not build: {lenient.Stopped ?? lenient.Tail}";
        return lenient.Succeeded;
    }

    private async Task TestAsync(Grade grade)
    {
        var run = await sandbox.RunAsync(
            BuildLimit, "dotnet", "test", "--no-build", "--configuration", "Release",
            "--logger", "trx;LogFileName=tests.trx", "--results-directory", "TestResults/grade",
            "--collect", "XPlat Code Coverage;ExcludeByFile=**/obj/**/*.cs,**/Migrations/*.cs");
        if (run.Stopped is not null)
        {
            grade.Submission.Remarks.Add($"The tests were ended: {run.Stopped}.");
        }

        var results = Parse(await ReadAsync("TestResults/grade/tests.trx"))?.Descendants().ToArray() ?? [];
        var counters = results.FirstOrDefault(element => element.Name.LocalName == "Counters");
        var failed = results.Where(element => element.Attribute("outcome")?.Value == "Failed")
            .Select(element => element.Attribute("testName")?.Value).OfType<string>().Order().Take(5);
        var coverage = Parse(await ReadAsync("TestResults/grade/*/coverage.cobertura.xml"));
        var own =
            from file in coverage?.Descendants("class") ?? []
            let name = (file.Attribute("filename")?.Value ?? "").Replace('\\', '/')
            let path = grade.Submission.OwnLines.Keys.FirstOrDefault(path =>
                $"src/{kit.Name}/{name}".EndsWith(path, StringComparison.Ordinal) || name.EndsWith(path, StringComparison.Ordinal))
            where path is not null
            from line in file.Element("lines")?.Elements("line") ?? []
            let number = Number(line.Attribute("number"))
            where grade.Submission.OwnLines[path].Contains(number)
            group Number(line.Attribute("hits")) by (path, number) into hits
            select hits.Max();
        var lines = own.ToList();
        grade.Tests = new(
            Number(counters?.Attribute("passed")), Number(counters?.Attribute("failed")),
            grade.Submission.Diff.Split('\n').Count(line => AddedTest().IsMatch(line)), [.. failed],
            lines.Count(hits => hits > 0), lines.Count);
    }

    private async Task<string> ReadAsync(string pattern) =>
        (await sandbox.RunAsync(TimeSpan.FromMinutes(1), "sh", "-c", $"cat {pattern}")) is { Succeeded: true } file ? file.Output : "";

    // The submission's tests wrote it, so it may be anything.
    private static XDocument? Parse(string text)
    {
        try
        {
            return XDocument.Parse(text);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static int Number(XAttribute? attribute) =>
        int.TryParse(attribute?.Value, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^\+\s*\[(Fact|Theory)\b")]
    private static partial Regex AddedTest();
}
