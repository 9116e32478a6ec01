using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Linting;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Level 1: the template's sources and all of its output keep the rules that need no approval.</summary>
[Trait("Level", "Lint")]
public sealed class LintTests
{
    // A file that depends on more options than this can be approved by nobody: give each option a file of its own.
    private const int MostRenderingsOfOneFile = 128;

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

    [Fact]
    public void Every_text_is_there_in_English_and_in_German()
    {
        var strings = new TemplateStrings(Suite.Template);
        string[] languages = ["en", "de"];
        foreach (var language in Suite.Approving ? languages : [])
        {
            strings.Update(language);
        }

        Problems.AssertNone([.. languages.SelectMany(strings.Problems)], "./test.sh approve adds what is missing, in English:");
    }

    [Fact]
    public async Task The_engine_has_nothing_to_remark()
    {
        var (findings, languages) = await OfficialValidation.ScanAsync(Suite.Template.Folder, CancellationToken.None);

        Assert.Equal(["de", "en"], languages);
        Problems.AssertNone([.. findings.Except(OfficialValidation.Accepted)]);
    }

    [Fact]
    public async Task An_editor_that_makes_a_solution_of_its_own_gets_the_projects_without_one()
    {
        using var engine = await TemplateEngine.LoadAsync(Suite.Template.Folder, CancellationToken.None, "vs");
        var files = await engine.GenerateAsync(EveryCombination.ProjectName, Suite.Template.Space[0].ToParameters(), CancellationToken.None);
        var approved = (await Suite.RenderedAsync()).Project(0).Select(file => file.Path).ToArray();

        Assert.Equal(["Acme.Shop.slnx"], approved.Except(files.Keys));
        Assert.Equal(["src/Acme.Shop/Acme.Shop.csproj", "tests/Acme.Shop.Tests/Acme.Shop.Tests.csproj"], engine.PrimaryOutputs);
    }
}
