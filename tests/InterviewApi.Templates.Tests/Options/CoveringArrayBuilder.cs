namespace InterviewApi.Templates.Tests.Options;

/// <summary>
/// Few rows in which every choice of values for every few factors occurs: every two of them with a strength of 2, every
/// three with 3. Computed greedily and without chance: the same factors give the same rows.
/// </summary>
internal static class CoveringArrayBuilder
{
    private const int CandidatesPerRow = 40;

    /// <param name="sizes">The number of values of each factor.</param>
    /// <param name="strength">How many factors meet.</param>
    /// <returns>Rows of value indexes.</returns>
    public static IReadOnlyList<int[]> Build(IReadOnlyList<int> sizes, int strength)
    {
        var values = NumberValues(sizes);
        var open = Meetings(values, strength).ToList();
        var rows = new List<int[]>();
        while (open.Count > 0)
        {
            // Each candidate starts at another open meeting; the one that covers most becomes the row.
            var best = open.Take(CandidatesPerRow).Select(start => Extend(values, open, start)).MaxBy(
                row => open.Count(meeting => Covers(row, meeting)));
            open.RemoveAll(meeting => Covers(best, meeting));
            rows.Add([.. values.Select(factor => Array.FindIndex(factor, value => Covers(best, value)))]);
        }

        return rows;
    }

    // A value of a factor is one bit, so that a meeting of values, and a row, is the sum of its values.
    private static UInt128[][] NumberValues(IReadOnlyList<int> sizes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizes.Sum(), 128, nameof(sizes));
        var next = 0;

        return [.. sizes.Select(size => Enumerable.Range(0, size).Select(_ => UInt128.One << next++).ToArray())];
    }

    private static IEnumerable<UInt128> Meetings(UInt128[][] values, int strength) => strength == 0
        ? [0]
        : from factor in Enumerable.Range(0, values.Length)
          from value in values[factor]
          from rest in Meetings(values[(factor + 1)..], strength - 1)
          select value | rest;

    private static bool Covers(UInt128 row, UInt128 meeting) => (row & meeting) == meeting;

    private static UInt128 Extend(UInt128[][] values, List<UInt128> open, UInt128 start)
    {
        // Factors with many values are the hardest to satisfy: they choose first.
        var row = start;
        foreach (var factor
            in values.Where(factor => factor.All(value => !Covers(start, value))).OrderByDescending(factor => factor.Length))
        {
            row |= factor.MaxBy(value => open.Count(meeting => Covers(meeting, value) && Covers(row | value, meeting)));
        }

        return row;
    }
}
