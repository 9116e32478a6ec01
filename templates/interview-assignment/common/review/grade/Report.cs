using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

/// <summary>Writes the results. They contain the id, and no name or address of the candidate.</summary>
public static partial class Report
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public static void Write(Kit kit, Grade grade, string id, string output)
    {
        Directory.CreateDirectory(output);
        Save("score.json", grade.ToJson(id).ToJsonString(Readable));
        Save("score.md", Score(grade, id));
        Save("diff.patch", grade.Submission.Diff);
        Save("scorecard.md", Fill(File.ReadAllText(Path.Combine(kit.Review, "scorecard.md")), grade, id));
        Save("feedback.md", Fill(File.ReadAllText(Path.Combine(kit.Review, "feedback.md")), grade, id));
        Save("interview.md", Interview(File.ReadAllText(Path.Combine(kit.Review, "INTERVIEW.md")), grade.Submission.Changes));

        void Save(string file, string text) => File.WriteAllText(Path.Combine(output, file), Strip(text, id, grade.Submission.Identities));
    }

    private static string Score(Grade grade, string id)
    {
        var text = new StringBuilder($"# {id}: {grade.Summary}\n\nRun {grade.Sandbox}.\n");
        if (grade.CouldNotStart is not null)
        {
            text.Append($"\n## Could not start\n\n```text\n{grade.CouldNotStart}\n```\n");
        }

        List(
            text, "History, protected files, rules", grade.Submission.Remarks,
            "The history begins with what was handed out, and no protected file was changed.");
        text.Append("\n## Work\n\n| | |\n|---|---|\n");
        var changes = grade.Submission.Changes;
        var (added, removed) = (changes.Sum(change => change.Added), changes.Sum(change => change.Removed));
        text.Append(CultureInfo.InvariantCulture, $"| Changed | {changes.Count} files, +{added} −{removed} lines |\n");
        text.Append($"| Build | {grade.Build} |\n| Format | {grade.Format} |\n| Tests | {TestsOf(grade)} |\n");
        if (grade.Checks.Count > 0)
        {
            text.Append("\n## Points\n\n| Area | Points | Of |\n|---|---|---|\n");
            foreach (var area in grade.Checks.GroupBy(check => check.Area))
            {
                var (points, of) = (area.Sum(check => check.Points), area.Sum(check => check.Of));
                text.Append(CultureInfo.InvariantCulture, $"| {area.Key} | {points:0.#} | {of:0} |\n");
            }

            List(text, "Points that were lost", [.. grade.Checks.Where(check => check.Points < check.Of).Select(Describe)], "None.");
            List(
                text, "The OpenAPI document and the contract", grade.ContractDifferences,
                "Every operation, parameter and response of the contract is documented.");
        }

        return text.ToString();
    }

    private static string Describe(CheckResult check) =>
        $"{check.Area}: {check.Name}{(check.IsHidden ? " (hidden)" : "")}: "
        + string.Create(CultureInfo.InvariantCulture, $"{check.Points:0.#} of {check.Of:0}")
        + $"{(check.Varies ? ", not the same in every run" : "")}. {check.Message.Split('\n')[0]}";

    private static string TestsOf(Grade grade)
    {
        if (grade.Tests is not { } tests)
        {
            return "not run";
        }

        var covered = tests.Lines == 0 ? 0 : 100.0 * tests.CoveredLines / tests.Lines;
        var names = tests.FailedNames.Count == 0 ? "" : $" ({string.Join(", ", tests.FailedNames.Select(name => name.Replace('|', '/')))})";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{tests.Passed} passed, {tests.Failed} failed{names}; {tests.Added} were added; "
            + $"{covered:0} % of the candidate's {tests.Lines} lines of code are covered");
    }

    private static void List(StringBuilder text, string title, IReadOnlyList<string> lines, string none)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n");
        text.Append(lines.Count == 0 ? $"{none}\n" : string.Concat(lines.Select(line => $"- {line.ReplaceLineEndings(" ")}\n")));
    }

    private static string Fill(string text, Grade grade, string id) => text
        .Replace("{{id}}", id, StringComparison.Ordinal)
        .Replace("{{checks}}", grade.Summary, StringComparison.Ordinal)
        .Replace("{{weighted}}", WeightedOf(grade), StringComparison.Ordinal)
        .Replace("{{tests}}", TestsOf(grade), StringComparison.Ordinal)
        .Replace("{{build}}", $"build {grade.Build}; format {grade.Format}", StringComparison.Ordinal)
        .Replace("{{remarks}}", RemarksOf(grade), StringComparison.Ordinal)
        .Replace("{{lost}}", Lost(grade), StringComparison.Ordinal);

    private static string WeightedOf(Grade grade) =>
        grade.CouldNotStart is null ? (grade.Percent * 0.6).ToString("0.0", CultureInfo.InvariantCulture) : "–";

    private static string RemarksOf(Grade grade) =>
        grade.Submission.Remarks.Count == 0 ? "none" : $"{grade.Submission.Remarks.Count}, in score.md";

    private static string Lost(Grade grade)
    {
        if (grade.CouldNotStart is not null)
        {
            return "- Nothing could be checked, because the application did not start (what it needs, or what it wrote):";
        }

        var lost = grade.Checks.Where(check => check.Points < check.Of)
            .Select(check => $"- {check.Area}: {check.Name}").Distinct().ToArray();
        return lost.Length == 0 ? "- No check lost points." : string.Join('\n', lost);
    }

    // A section of INTERVIEW.md is about the files whose paths its heading names.
    private static string Interview(string text, IReadOnlyList<Change> changes) => string.Concat(Section().Split(text).Where(section =>
        SectionFiles().Match(section) is not { Success: true } files
        || changes.Any(change => change.Path.Contains(files.Groups[1].Value, StringComparison.Ordinal))));

    private static string Strip(string text, string id, IEnumerable<string> identities)
    {
        text = identities.Aggregate(text, (current, identity) =>
            Regex.Replace(current, $@"(?<!\w){Regex.Escape(identity)}(?!\w)", id, RegexOptions.IgnoreCase));
        return Mail().Replace(text, "(address)");
    }

    [GeneratedRegex(@"[\w.+-]+@[\w-]+(\.[\w-]+)+")]
    private static partial Regex Mail();

    [GeneratedRegex("(?m)^(?=## )")]
    private static partial Regex Section();

    [GeneratedRegex("^## [^`\n]*`([^`\n]+)`")]
    private static partial Regex SectionFiles();
}
