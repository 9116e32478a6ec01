using System.Text;
using DiffPlex;

namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>Line differences between two renderings.</summary>
internal static class LineDiff
{
    private const int Context = 2;

    /// <summary>
    /// The changed places. Equal changes have equal <c>Lines</c>, wherever they are; <c>Shown</c> has two lines of context.
    /// </summary>
    public static IReadOnlyList<(string Lines, string Shown)> Hunks(byte[] before, byte[] after)
    {
        var diff = new Differ().CreateLineDiffs(Text(before), Text(after), ignoreWhitespace: false);
        if (diff.DiffBlocks.Count == 0)
        {
            var note = $"  (only line ends, the final newline or the encoding differ: {before.Length} bytes became {after.Length})\n";
            return [(note, note)];
        }

        return [.. diff.DiffBlocks.Select(block =>
        {
            var lines = Prefixed("  - ", diff.PiecesOld.Skip(block.DeleteStartA).Take(block.DeleteCountA))
                + Prefixed("  + ", diff.PiecesNew.Skip(block.InsertStartB).Take(block.InsertCountB));
            var above = diff.PiecesOld.Skip(Math.Max(0, block.DeleteStartA - Context)).Take(Math.Min(Context, block.DeleteStartA));
            var below = diff.PiecesOld.Skip(block.DeleteStartA + block.DeleteCountA).Take(Context);
            return (lines, Prefixed("    ", above) + lines + Prefixed("    ", below));
        })];
    }

    /// <summary>The lines of <paramref name="before"/> that <paramref name="after"/> lacks; empty if lines were only added.</summary>
    public static IReadOnlyList<string> Removed(byte[] before, byte[] after)
    {
        string[] old = Text(before).Split('\n'), changed = Text(after).Split('\n');
        var kept = 0;
        foreach (var line in changed)
        {
            if (kept < old.Length && old[kept] == line)
            {
                kept++;
            }
        }

        if (kept == old.Length)
        {
            return [];
        }

        var diff = new Differ().CreateLineDiffs(Text(before), Text(after), ignoreWhitespace: false);
        return [.. diff.DiffBlocks.SelectMany(block => diff.PiecesOld.Skip(block.DeleteStartA).Take(block.DeleteCountA))];
    }

    private static string Text(byte[] content) => Encoding.UTF8.GetString(content);

    private static string Prefixed(string prefix, IEnumerable<string> lines) => string.Concat(lines.Select(line => $"{prefix}{line}\n"));
}
