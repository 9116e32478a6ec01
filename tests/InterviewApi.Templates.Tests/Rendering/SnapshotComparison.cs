using System.Collections;
using System.Text;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>Says how generated output differs from what is approved: which file, which lines, in which combinations.</summary>
internal static class SnapshotComparison
{
    private const int MostChanges = 40;
    private const string New = "  (the file is new)\n";
    private const string Gone = "  (the file is gone)\n";

    /// <summary>A text to review, or an empty one if every byte of every combination is as approved.</summary>
    public static string Describe(RenderingTable approved, RenderingTable actual)
    {
        var changes = approved.Files.Keys.Union(actual.Files.Keys).Order(StringComparer.Ordinal)
            .SelectMany(path => Changes(path, approved, actual)).ToList();

        var report = new StringBuilder();
        foreach (var (path, change, members) in changes.Take(MostChanges))
        {
            var count = members.Cast<bool>().Count(member => member);
            report.Append(path).Append(" in ").Append(count).Append(" of ").Append(actual.Space.Count).Append(" combinations: ")
                .Append(Condition.Describe(actual.Space, members)).Append('\n').Append(change).Append('\n');
        }

        if (changes.Count > MostChanges)
        {
            report.Append("… and ").Append(changes.Count - MostChanges).Append(" more changes.\n");
        }

        return report.ToString();
    }

    private static IEnumerable<(string Path, string Change, BitArray Members)> Changes(
        string path, RenderingTable approved, RenderingTable actual)
    {
        var (before, after) = (approved.Files.GetValueOrDefault(path), actual.Files.GetValueOrDefault(path));
        var changes = new Dictionary<string, (string Shown, BitArray Members)>();
        var described = new Dictionary<(int, int), IReadOnlyList<(string Lines, string Shown)>>();
        for (var number = 0; number < actual.Space.Count; number++)
        {
            var pair = (
                Before: before?.RenderingOf[number] ?? RenderedFile.Absent, After: after?.RenderingOf[number] ?? RenderedFile.Absent);
            if (!described.TryGetValue(pair, out var texts))
            {
                described.Add(pair, texts = Describe(Content(before, pair.Before), Content(after, pair.After)));
            }

            foreach (var (lines, shown) in texts)
            {
                if (!changes.TryGetValue(lines, out var change))
                {
                    changes.Add(lines, change = (shown, new BitArray(actual.Space.Count)));
                }

                change.Members[number] = true;
            }
        }

        return changes.Values.Select(change => (path, change.Shown, change.Members));
    }

    private static IReadOnlyList<(string Lines, string Shown)> Describe(byte[]? before, byte[]? after) => (before, after) switch
    {
        (null, null) => [],
        (null, _) => [(New, New)],
        (_, null) => [(Gone, Gone)],
        _ when before.AsSpan().SequenceEqual(after) => [],
        _ => LineDiff.Hunks(before, after),
    };

    private static byte[]? Content(RenderedFile? file, int rendering) =>
        rendering == RenderedFile.Absent ? null : file!.Contents[rendering];
}
