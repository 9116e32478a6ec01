using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Faults;

/// <summary>The covering array covers, is small, and is always the same.</summary>
[Trait("Level", "Faults")]
public sealed class CoveringArrayBuilderTests
{
    [Theory]
    [InlineData(6, 2, 2, 2, 2)]
    [InlineData(12, 3, 3, 3, 3)]
    [InlineData(32, 8, 2, 2, 2, 3, 2, 2, 2, 2, 3, 2)]
    public void Every_two_values_meet_in_few_rows(int most, params int[] sizes)
    {
        var rows = CoveringArrayBuilder.Build(sizes, 2);

        Assert.Empty(
            from a in Values(sizes)
            from b in Values(sizes)
            where a.Factor < b.Factor && !rows.Any(row => row[a.Factor] == a.Value && row[b.Factor] == b.Value)
            select (a, b));
        Assert.InRange(rows.Count, 1, most);
        Assert.Equal(rows, CoveringArrayBuilder.Build(sizes, 2));
    }

    [Theory]
    [InlineData(12, 2, 2, 2, 2)]
    [InlineData(45, 3, 3, 3, 3)]
    [InlineData(64, 3, 2, 2, 3, 2, 2, 2, 2, 2, 3, 3)]
    public void Every_three_values_meet_in_few_rows(int most, params int[] sizes)
    {
        var rows = CoveringArrayBuilder.Build(sizes, 3);

        Assert.Empty(MissingTriples(sizes, rows));
        Assert.NotEmpty(MissingTriples(sizes, rows.SkipLast(1)));
        Assert.InRange(rows.Count, 1, most);
        Assert.Equal(rows, CoveringArrayBuilder.Build(sizes, 3));
    }

    private static IEnumerable<object> MissingTriples(int[] sizes, IEnumerable<int[]> rows) =>
        from a in Values(sizes)
        from b in Values(sizes)
        from c in Values(sizes)
        where a.Factor < b.Factor && b.Factor < c.Factor
        where !rows.Any(row => row[a.Factor] == a.Value && row[b.Factor] == b.Value && row[c.Factor] == c.Value)
        select (object)(a, b, c);

    private static IEnumerable<(int Factor, int Value)> Values(int[] sizes) =>
        from factor in Enumerable.Range(0, sizes.Length)
        from value in Enumerable.Range(0, sizes[factor])
        select (factor, value);
}
