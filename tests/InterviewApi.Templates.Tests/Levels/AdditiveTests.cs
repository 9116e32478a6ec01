using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Linting;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Level 3: turning an option on only adds its own files and lines.</summary>
[Trait("Level", "Additive")]
public sealed class AdditiveTests
{
    private const string File = "additive-exceptions.txt";
    private const string Advice = $"Where an option really replaces a line, or shares a word, say so with the reason in {File}.";

    [Fact]
    public async Task An_option_takes_nothing_away_and_is_named_nowhere_while_it_is_off()
    {
        var table = await Suite.RenderedAsync();
        var exceptions = AdditiveExceptions.Read(Path.Combine(Suite.ProjectFolder, File));

        Problems.AssertNone(
            [
                .. AdditiveCheck.Removals(table, exceptions),
                .. AdditiveCheck.Leaks(table, exceptions),
                .. exceptions.Unused.Select(line => $"{File} allows what does not occur: {line}"),
            ],
            Advice);
    }
}
