using System.Collections;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Faults;

/// <summary>A set of combinations is written shortly, and read back as the same set.</summary>
[Trait("Level", "Faults")]
public sealed class ConditionTests
{
    private static readonly OptionSpace Space = new(
    [
        new TemplateOption("auth", "auth", ["jwt", "none"]),
        new TemplateOption("cache", "cache", ["memory", "redis", "none"]),
        new TemplateOption("docker", "docker", ["true", "false"]),
    ]);

    [Theory]
    [InlineData("always")]
    [InlineData("auth=jwt")]
    [InlineData("cache=memory|none")]
    [InlineData("auth=none cache=redis docker=false")]
    [InlineData("auth=jwt, or cache=redis")]
    public void What_is_written_is_what_was_read(string text) =>
        Assert.Equal(text, Condition.Describe(Space, Condition.Parse(Space, text)));

    [Fact]
    public void Every_set_of_combinations_is_read_back_as_it_was()
    {
        for (var set = 1; set < 1 << Space.Count; set += 7)
        {
            var members = new BitArray(new[] { set }) { Length = Space.Count };
            Assert.Equal(members.Cast<bool>(), Condition.Parse(Space, Condition.Describe(Space, members)).Cast<bool>());
        }
    }

    [Theory]
    [InlineData("color=red")]
    [InlineData("auth=oauth")]
    public void An_unknown_option_or_value_is_refused_by_name(string text) =>
        Assert.Contains(text, Assert.Throws<FormatException>(() => Condition.Parse(Space, text)).Message, StringComparison.Ordinal);
}
