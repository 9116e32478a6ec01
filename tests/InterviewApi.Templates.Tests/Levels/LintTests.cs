using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Linting;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Level 1: the template's sources and all of its output keep the rules that need no approval.</summary>
[Trait("Level", "Lint")]
public sealed class LintTests
{
    // A file that depends on more options than this can be approved by nobody: give each option a file of its own.
    private const int MostRenderingsOfOneFile = 64;

    [Fact]
    public void The_configuration_names_only_what_exists_and_explains_every_option() =>
        Problems.AssertNone(new TemplateLint(Suite.Template).Check());

    [Fact]
    public void Conditional_blocks_stay_within_their_budget() =>
        Problems.AssertNone(ContentLint.Check(Suite.Template));

    [Fact]
    public async Task Every_generated_file_reads_as_hand_written()
    {
        var table = await Suite.RenderedAsync();

        Assert.NotEmpty(table.Files);
        Problems.AssertNone(OutputLint.Check(Suite.Template, table));
    }

    [Fact]
    public async Task No_file_depends_on_so_many_options_that_nobody_can_review_it()
    {
        var table = await Suite.RenderedAsync();

        Problems.AssertNone(
        [
            .. from file in table.Files
               where file.Value.Contents.Count > MostRenderingsOfOneFile
               select $"{file.Key} has {file.Value.Contents.Count} distinct renderings.",
        ]);
    }
}
