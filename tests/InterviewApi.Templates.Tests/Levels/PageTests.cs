using System.Globalization;
using System.Text;
using System.Xml.Linq;
using InterviewApi.Templates.Tests.Documents;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>What the pages of the repository name is there.</summary>
[Trait("Level", "Docs")]
public sealed class PageTests
{
    private static readonly string Root = SdkAssemblies.RepositoryRoot;

    [Fact]
    public void Every_link_leads_somewhere()
    {
        Assert.NotEmpty(Pages.All.SelectMany(page => page.Links));

        Problems.AssertNone(
            [
                .. Pages.All.SelectMany(
                    page => LinkCheck.Check(page, Pages.Exists, path => Pages.All.FirstOrDefault(other => other.Path == path)))]);
    }

    [Fact]
    public async Task Every_name_in_code_is_one_of_the_generated_project()
    {
        var glossary = Glossary.Of(File.ReadAllLines(Path.Combine(Suite.ProjectFolder, "documented-names.txt")));
        var check = new NameCheck(new GeneratedCode(await Suite.RenderedAsync()), await Pages.RepositoryAsync(), glossary);

        string[] problems = [.. Pages.All.SelectMany(check.Check)];
        Problems.AssertNone([.. problems, .. glossary.Unused.Select(entry => $"documented-names.txt: no page says '{entry}'.")]);
    }

    [Fact]
    public async Task Every_block_of_code_is_an_excerpt_of_the_generated_project()
    {
        var code = new GeneratedCode(await Suite.RenderedAsync());
        var blocks = Pages.All.Where(
            page => page.Path != "docs/authoring.md").SelectMany(page => page.Blocks).Where(block => block.Language == "csharp").ToArray();

        Assert.NotEmpty(blocks);
        Problems.AssertNone(
            [
                .. blocks.Where(block => !code.HasLines(block.Text))
                .Select(block => $"{block.Place}: this is not in a generated project:\n{block.Text}")]);
    }

    [Fact]
    public void Every_question_of_the_guide_has_all_its_parts()
    {
        string[] parts = ["Idea.", "In the project.", "See it live.", "What samples get wrong.", "Follow-up."];
        var questions = Pages.Get(LivePage.Path).Prose.Split("\n### ")[1..];

        Assert.Equal(
            Enumerable.Range(1, 36),
            questions.Select(
                question => int.Parse(question[..question.IndexOf('.', StringComparison.Ordinal)], CultureInfo.InvariantCulture)));
        Problems.AssertNone(
        [
            .. from question in questions
               from part in parts
               where !question.Contains($"\n**{part}**", StringComparison.Ordinal)
               select $"'{question.Split('\n')[0]}' lacks '{part}'",
        ]);
    }

    [Fact]
    public async Task Every_question_of_the_guide_and_every_item_of_its_checklists_points_at_code()
    {
        var code = new GeneratedCode(await Suite.RenderedAsync());
        var guide = Pages.Get(LivePage.Path).Prose;
        var places = guide.Split("\n### ")[1..]
            .Select(question => (Name: question.Split('\n')[0], Parts: question.Split("\n**In the project.**")))
            .Select(question => (question.Name, Text: question.Parts[1].Split("\n**See it live.**")[0]));
        var items = guide.Split("\n## The checklists\n")[1].Split("\n## ")[0].Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(1)
            .Select(line => line.Split('|'))
            .Select(cells => (Name: cells[2].Trim(), Text: cells[3]))
            .ToArray();

        Assert.True(items.Length > 30, "Hardly any item was found.");
        Problems.AssertNone(
        [
            .. places.Concat(items).Where(place => !code.PointsAt(place.Text))
            .Select(place => $"{LivePage.Path}: '{place.Name}' points at no file and no type of a generated project."),
        ]);
    }

    [Fact]
    public async Task Every_tree_shows_what_there_is()
    {
        var code = new GeneratedCode(await Suite.RenderedAsync());
        var trees = Pages.All.SelectMany(page => page.Blocks).Where(Tree.IsOne).ToArray();

        Assert.Equal(2, trees.Length);
        Problems.AssertNone(
        [
            .. from tree in trees
               let top = tree.Lines.First().Trim()
               from path in Tree.PathsOf(tree)
               where top == "Acme.Shop/" ? !code.HasPath(path) : !Pages.Exists(path)
               select $"{tree.Place}: {path} does not exist.",
        ]);
    }

    [Fact]
    public void Every_command_is_run_by_a_test_or_says_why_not()
    {
        var commands = DocumentedCommands.Load();
        Problems.AssertNone(
            [.. commands.WrongHeadings().Select(heading => $"documented-commands.txt: '{heading}' names no test and no reason.")]);

        string[] unknown =
        [
            .. from page in Pages.All
               where page.Path != LivePage.Path
               from command in CommandLines.Of(page)
               where !commands.Has(command)
               select $"{page.Path}: documented-commands.txt does not have '{command}'.",
        ];
        Problems.AssertNone(unknown);
    }

    [Fact]
    public void Every_recipe_uses_flags_that_there_are()
    {
        var recipes = Pages.All.SelectMany(CommandLines.Of)
            .Where(command => command.StartsWith("dotnet new interview-api ", StringComparison.Ordinal)).ToArray();

        Assert.True(recipes.Length > 5, "No recipe was found.");
        Problems.AssertNone([.. recipes.SelectMany(recipe => FlagTable.Wrong(Suite.Template, recipe))]);
    }

    [Fact]
    public void The_changelog_begins_with_the_version_of_the_package()
    {
        var version = XDocument.Load(Path.Combine(Root, "TemplatePack.csproj")).Descendants("Version").Single().Value;
        var newest = Pages.Get("CHANGELOG.md").Prose.Split('\n').First(line => line.StartsWith("## ", StringComparison.Ordinal));

        Assert.StartsWith("## " + version, newest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_and_projects_are_written_in_American_English()
    {
        var generated = (await Suite.RenderedAsync())
            .Files.SelectMany(file => file.Value.Contents.Select(content => (file.Key, Encoding.UTF8.GetString(content))));

        Problems.AssertNone(
            [
                .. Pages.All.Select(page => (page.Path, page.Text))
                .Concat(generated)
                .SelectMany(text => Spelling.Check(text.Item1, text.Item2)).Distinct()]);
    }
}
