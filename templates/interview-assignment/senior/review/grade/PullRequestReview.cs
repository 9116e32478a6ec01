using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

/// <summary>A row of REVIEW.md.</summary>
public sealed record Finding(string File, int First, int Last, string Text);

/// <summary>
/// Compares REVIEW.md with the faults of the pull request. A fault is found by a row that points at its line; whether the
/// words are right is for a reader, who gets every row that points at something else.
/// </summary>
public static partial class PullRequestReview
{
    private const string Area = "Review";
    private const int MaxFindings = 16;
    private const int MaxLines = 4;

    // People point at the line above or below.
    private const int Tolerance = 1;

    /// <returns>A result for each fault; none if the level has no pull request.</returns>
    public static IReadOnlyList<CheckResult> Grade(Kit kit, Submission submission)
    {
        var faults = Path.Combine(kit.Review, "faults.json");
        if (!File.Exists(faults))
        {
            return [];
        }

        var lines = LinesAfter(File.ReadAllLines(Path.Combine(kit.Handout, "pull-request.patch")));
        var form = Path.Combine(submission.Folder, "REVIEW.md");
        var (all, unread) = File.Exists(form) ? Read(File.ReadLines(form)) : ([], []);
        submission.Remarks.AddRange(unread.Take(MaxFindings).Select(
            row => $"REVIEW.md has a row that is not in the form, and does not count: {row}"));
        if (all.Count > MaxFindings)
        {
            submission.Remarks.Add($"REVIEW.md has {all.Count} rows, of which the first {MaxFindings} count.");
        }

        var findings = all.Take(MaxFindings).ToList();
        var results = new List<CheckResult>();
        var (used, near) = (new HashSet<Finding>(), new HashSet<Finding>());
        foreach (var fault in JsonNode.Parse(File.ReadAllText(faults))!.AsArray())
        {
            var places = fault!["places"]!.AsArray()
                .SelectMany(place => lines.Where(line =>
                    line.File.EndsWith($"/{place!["file"]}", StringComparison.Ordinal)
                    && line.Code.Contains((string)place["code"]!, StringComparison.Ordinal)))
                .ToArray();
            var found = findings.Where(finding => places.Any(place => IsAt(finding, place.File, place.Number))).ToArray();
            near.UnionWith(found);

            // A row is about one fault.
            var isFound = found.FirstOrDefault(finding => !used.Contains(finding)) is { } first && used.Add(first);
            var points = (double)fault["points"]!;
            results.Add(new CheckResult(
                (string)fault["fault"]!, Area, isFound ? points : 0, points, true,
                isFound ? "" : $"REVIEW.md has no row for {places[0].File}, line {places[0].Number}", false));
        }

        submission.Remarks.AddRange(findings.Where(finding => !near.Contains(finding)).Select(finding =>
            $"REVIEW.md names what is no known fault, and may be right: {finding.File}, line {finding.First}: {finding.Text}"));
        return results;
    }

    /// <summary>The rows of the table that have a file, a line and some words; and the others, as they are.</summary>
    public static (IReadOnlyList<Finding> Findings, IReadOnlyList<string> Unread) Read(IEnumerable<string> lines)
    {
        var (findings, unread) = (new List<Finding>(), new List<string>());
        foreach (var line in lines)
        {
            if (Row().Match(line) is { Success: true } row && FindingOf(row) is { } finding)
            {
                findings.Add(finding);
            }
            else if (Attempt().IsMatch(line))
            {
                unread.Add(line.Trim());
            }
        }

        return (findings, unread);
    }

    /// <summary>The lines that a patch adds, with their numbers in the files after it.</summary>
    public static IReadOnlyList<(string File, int Number, string Code)> LinesAfter(IEnumerable<string> patch)
    {
        var added = new List<(string, int, string)>();
        var (file, number) = ("", 0);
        foreach (var line in patch)
        {
            if (line.StartsWith("+++ b/", StringComparison.Ordinal))
            {
                file = line["+++ b/".Length..];
            }
            else if (Hunk().Match(line) is { Success: true } hunk)
            {
                number = Number(hunk.Groups[1].Value);
            }
            else if (line.StartsWith('+') || line.StartsWith(' '))
            {
                if (line[0] == '+')
                {
                    added.Add((file, number, line[1..]));
                }

                number++;
            }
        }

        return added;
    }

    /// <returns>Null if the lines are none, or too many.</returns>
    private static Finding? FindingOf(Match row)
    {
        var first = Number(row.Groups["first"].Value);
        var last = row.Groups["last"].Success ? Number(row.Groups["last"].Value) : first;
        return first > 0 && last >= first && last - first < MaxLines
            ? new(row.Groups["file"].Value, first, last, row.Groups["text"].Value.Trim())
            : null;
    }

    private static bool IsAt(Finding finding, string file, int number) =>
        (file == finding.File || file.EndsWith($"/{finding.File}", StringComparison.OrdinalIgnoreCase))
        && finding.First - Tolerance <= number && number <= finding.Last + Tolerance;

    private static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(
        @"^\s*\|\s*`?(?<file>[\w./-]+\.\w+)`?\s*\|\s*L?(?<first>\d+)(\s*[-–]\s*L?(?<last>\d+))?\s*"
        + @"\|(?<text>[^|]*\w[^|]{8,})\|?\s*$")]
    private static partial Regex Row();

    // The head of the table has no name of a file, and no number.
    [GeneratedRegex(@"^\s*\|.*[\d.]")]
    private static partial Regex Attempt();

    [GeneratedRegex(@"^@@ -\S+ \+(\d+)")]
    private static partial Regex Hunk();
}
