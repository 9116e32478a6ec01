namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>
/// Several texts as one list of lines in which each text is what is left when the lines of others alone are left out.
/// </summary>
internal static class MergedLines
{
    /// <summary>Merges texts, given as lines.</summary>
    /// <returns>Each line with the indexes of the texts that have it; always the same for the same texts.</returns>
    public static IReadOnlyList<(string Line, IReadOnlySet<int> Texts)> Merge(IReadOnlyList<string[]> texts)
    {
        // The longest has most of what the others have, so that they find their lines in it rather than add them.
        var order = Enumerable.Range(0, texts.Count).OrderByDescending(index => texts[index].Length).ToArray();
        var merged = new List<(string Line, HashSet<int> Texts)>();
        foreach (var text in order)
        {
            merged = Merge(merged, text, texts[text]);
        }

        return [.. merged.Select(line => (line.Line, (IReadOnlySet<int>)line.Texts))];
    }

    private static List<(string Line, HashSet<int> Texts)> Merge(List<(string Line, HashSet<int> Texts)> merged, int text, string[] lines)
    {
        var best = Score([.. merged.Select(line => line.Line)], lines);
        var result = new List<(string Line, HashSet<int> Texts)>();
        var (old, added) = (0, 0);
        while (old < merged.Count || added < lines.Length)
        {
            if (old < merged.Count && added < lines.Length && best.Paired[old, added] == best.Any[old, added])
            {
                merged[old].Texts.Add(text);
                result.Add(merged[old]);
                (old, added) = (old + 1, added + 1);
            }
            else if (added == lines.Length || (old < merged.Count && best.Any[old + 1, added] == best.Any[old, added]))
            {
                result.Add(merged[old++]);
            }
            else
            {
                result.Add((lines[added++], [text]));
            }
        }

        return result;
    }

    // The weight of the best pairing of what follows: of any, and of one that pairs the next two lines. A neighbor counts
    // more than a distant equal, and a line of one bracket less than a line that says something.
    private static (int[,] Any, int[,] Paired) Score(string[] old, string[] lines)
    {
        var any = new int[old.Length + 1, lines.Length + 1];
        var paired = new int[old.Length + 1, lines.Length + 1];
        for (var i = old.Length; i >= 0; i--)
        {
            for (var j = lines.Length; j >= 0; j--)
            {
                var rest = i < old.Length && j < lines.Length ? Math.Max(any[i + 1, j], any[i, j + 1]) : 0;
                paired[i, j] = i < old.Length && j < lines.Length && old[i] == lines[j]
                    ? Weight(lines[j]) + Math.Max(any[i + 1, j + 1], paired[i + 1, j + 1] + 1)
                    : -1;
                any[i, j] = Math.Max(rest, paired[i, j]);
            }
        }

        return (any, paired);
    }

    private static int Weight(string line) => line.AsSpan().Trim().Length > 2 ? 6 : 2;
}
