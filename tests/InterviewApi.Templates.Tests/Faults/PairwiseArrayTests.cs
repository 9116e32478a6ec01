using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Faults;

/// <summary>The covering array covers, is small, and is always the same.</summary>
[Trait("Level", "Faults")]
public sealed class PairwiseArrayTests
{
    [Theory]
    [InlineData(6, 2, 2, 2, 2)]
    [InlineData(12, 3, 3, 3, 3)]
    [InlineData(32, 8, 2, 2, 2, 3, 2, 2, 2, 2, 3, 2)]
    public void Every_pair_meets_in_few_rows(int most, params int[] sizes)
    {
        var rows = PairwiseArray.Build(sizes);

        Assert.Equal(PairwiseArray.Pairs(sizes).ToHashSet(), rows.SelectMany(PairwiseArray.Covered).ToHashSet());
        Assert.InRange(rows.Count, 1, most);
        Assert.Equal(rows, PairwiseArray.Build(sizes));
    }
}
