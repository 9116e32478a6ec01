using System.Text;
using DiffPlex;

namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>Line differences between two renderings.</summary>
internal static class LineDiff
{
    private const int Context = 2;

    /// <summary>The changed places, each with two lines of context and without line numbers, so that equal changes are equal texts.</summary>
    public static IReadOnlyList<string> Hunks(byte[] before, byte[] after)
    {
        var (oldText, newText) = (Text(before), Text(after));
        var diff = new Differ().CreateLineDiffs(oldText, newText, ignoreWhitespace: false);
        if (diff.DiffBlocks.Count == 0)
        {
            return [$"  (only line ends, the final newline or the encoding differ: {before.Length} bytes became {after.Length})\n"];
        }

        return [.. diff.DiffBlocks.Select(block =>
        {
            var hunk = new StringBuilder();
            Append(hunk, "    ", diff.PiecesOld.Skip(Math.Max(0, block.DeleteStartA - Context)).Take(Math.Min(Context, block.DeleteStartA)));
            Append(hunk, "  - ", diff.PiecesOld.Skip(block.DeleteStartA).Take(block.DeleteCountA));
            Append(hunk, "  + ", diff.PiecesNew.Skip(block.InsertStartB).Take(block.InsertCountB));
            Append(hunk, "    ", diff.PiecesOld.Skip(block.DeleteStartA + block.DeleteCountA).Take(Context));
            return hunk.ToString();
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

    private static void Append(StringBuilder hunk, string prefix, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            hunk.Append(prefix).Append(line).Append('\n');
        }
    }
}
