namespace InterviewApi.Templates.Tests.Options;

/// <summary>
/// Few rows in which every two values of every two factors meet. Computed greedily and without chance: the same factors
/// give the same rows.
/// </summary>
internal static class PairwiseArray
{
    private const int CandidatesPerRow = 40;

    /// <param name="sizes">The number of values of each factor.</param>
    /// <returns>Rows of value indexes.</returns>
    public static IReadOnlyList<int[]> Build(IReadOnlyList<int> sizes)
    {
        var open = Pairs(sizes).ToHashSet();
        var rows = new List<int[]>();
        while (open.Count > 0)
        {
            // Each candidate starts at another open pair; the one that covers most becomes the row.
            var best = open.Order().Take(CandidatesPerRow).Select(pair => Extend(sizes, open, pair)).MaxBy(row => Covered(row).Count(open.Contains))!;
            open.ExceptWith(Covered(best));
            rows.Add(best);
        }

        return rows;
    }

    /// <summary>Every two values of every two factors.</summary>
    public static IEnumerable<(int FactorA, int ValueA, int FactorB, int ValueB)> Pairs(IReadOnlyList<int> sizes) =>
        from factorA in Enumerable.Range(0, sizes.Count)
        from factorB in Enumerable.Range(factorA + 1, sizes.Count - factorA - 1)
        from valueA in Enumerable.Range(0, sizes[factorA])
        from valueB in Enumerable.Range(0, sizes[factorB])
        select (factorA, valueA, factorB, valueB);

    /// <summary>The pairs that meet in a row.</summary>
    public static IEnumerable<(int FactorA, int ValueA, int FactorB, int ValueB)> Covered(int[] row) =>
        from a in Enumerable.Range(0, row.Length)
        from b in Enumerable.Range(a + 1, row.Length - a - 1)
        select (a, row[a], b, row[b]);

    private static int[] Extend(IReadOnlyList<int> sizes, HashSet<(int, int, int, int)> open, (int FactorA, int ValueA, int FactorB, int ValueB) start)
    {
        var row = Enumerable.Repeat(-1, sizes.Count).ToArray();
        (row[start.FactorA], row[start.FactorB]) = (start.ValueA, start.ValueB);

        // Factors with many values are the hardest to satisfy: they choose first.
        foreach (var factor in Enumerable.Range(0, sizes.Count).Where(factor => row[factor] < 0).OrderByDescending(factor => sizes[factor]).ToArray())
        {
            row[factor] = Enumerable.Range(0, sizes[factor]).MaxBy(value => Enumerable.Range(0, row.Length)
                .Where(other => row[other] >= 0)
                .Count(other => open.Contains(other < factor ? (other, row[other], factor, value) : (factor, value, other, row[other]))));
        }

        return row;
    }
}
