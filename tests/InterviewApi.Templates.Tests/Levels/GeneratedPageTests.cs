using System.Text;
using InterviewApi.Templates.Tests.Documents;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>What the pages of a generated project name is in that project, in every combination.</summary>
[Trait("Level", "Docs")]
public sealed class GeneratedPageTests
{
    private static readonly string[] Extensions = [".cs", ".json", ".md", ".yml", ".yaml", ".sh", ".conf", ".http", ".csproj", ".slnx"];

    [Fact]
    public async Task Every_link_and_path_exists()
    {
        var table = await Suite.RenderedAsync();
        var paths = new GeneratedPaths(table);
        var problems = new Dictionary<string, int>();
        var seen = 0;
        var pages = PagesOf(table).Select(page => (page.Page, Combinations: page.Combinations.ToHashSet())).ToArray();
        foreach (var (page, combinations) in pages)
        {
            foreach (var combination in combinations)
            {
                seen += page.Links.Count + page.Names.Count(IsPath);
                var links = LinkCheck.Check(page, path => paths.Exists(path, combination), path => Find(path, combination));
                var names = page.Names.Where(name => IsPath(name) && !IsToCome(page, name) && !paths.Exists(name, combination))
                    .Select(name => $"{page.Path}: `{name}` is no path.");
                foreach (var problem in links.Concat(names))
                {
                    problems.TryAdd(problem, combination);
                }
            }
        }

        Assert.True(seen > table.Space.Count, "Hardly any link or path was found.");
        Problems.AssertNone([.. problems.Select(problem => $"{problem.Key} ({table.Space[problem.Value]})")]);

        Page? Find(string path, int combination) =>
            pages.FirstOrDefault(other => other.Page.Path == path && other.Combinations.Contains(combination)).Page;
    }

    [Fact]
    public async Task Every_command_is_run_by_a_test_or_says_why_not()
    {
        var commands = DocumentedCommands.Load();
        var found = PagesOf(await Suite.RenderedAsync()).SelectMany(page => CommandLines.Of(page.Page)).Distinct().ToArray();

        Assert.Contains("dotnet test", found);
        Problems.AssertNone(
            [.. found.Where(command => !commands.Has(command)).Select(command => $"documented-commands.txt does not have '{command}'.")]);
    }

    [Fact]
    public async Task The_code_of_the_page_about_rate_limits_is_compiled_by_a_test()
    {
        var table = await Suite.RenderedAsync();
        var code = new GeneratedCode(table);
        var blocks = PagesOf(table).Where(page => page.Page.Path == "docs/rate-limits.md").SelectMany(page => page.Page.Blocks).ToArray();

        Assert.NotEmpty(blocks);
        Problems.AssertNone([.. blocks.Where(block => !code.HasLines(block.Text)).Select(block => $"{block.Place} is compiled nowhere.")]);
    }

    private static IEnumerable<(Page Page, IEnumerable<int> Combinations)> PagesOf(RenderingTable table) =>
        from file in table.Files
        where file.Key.EndsWith(".md", StringComparison.Ordinal)
        from content in file.Value.Contents.Index()
        let combinations = Enumerable.Range(0, table.Space.Count).Where(number => file.Value.RenderingOf[number] == content.Index)
        select (Page.Parse(file.Key, Encoding.UTF8.GetString(content.Item)), combinations);

    private static bool IsPath(string name) =>
        // An absolute path is one of the machine that the project runs on.
        !name.StartsWith('/') && !name.Contains(' ', StringComparison.Ordinal) && !name.Contains('*', StringComparison.Ordinal)
        && (name == "Dockerfile" || Extensions.Contains(Path.GetExtension(name)) || name.Contains("Tests/", StringComparison.Ordinal));

    // The steps to the first resource name the files that the reader writes; the settings of an environment are optional.
    private static bool IsToCome(Page page, string name) =>
        (page.Path == FirstResource.Path && Path.GetFileName(name).Contains("Supplier", StringComparison.Ordinal))
            || name.Contains('{', StringComparison.Ordinal);
}
