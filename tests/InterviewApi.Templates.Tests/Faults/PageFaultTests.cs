using InterviewApi.Templates.Tests.Documents;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Faults;

/// <summary>The checks of the pages find what they are there for.</summary>
[Trait("Level", "Faults")]
public sealed class PageFaultTests
{
    private const string Fence = "```";

    [Theory]
    [InlineData("[x](other.md)", "docs/page.md: the link 'other.md' leads to 'docs/other.md', which does not exist.")]
    [InlineData("[x](../README.md#gone)", "docs/page.md: the link '../README.md#gone' names a heading that 'README.md' does not have.")]
    [InlineData("[x](#gone)", "docs/page.md: the link '#gone' names a heading that 'docs/page.md' does not have.")]
    [InlineData("## It's *one*: two\n[x](#its-one-two) [y](https://example.com/none) [z](../README.md#title)", null)]
    public void A_link_that_leads_nowhere_is_named(string text, string? problem)
    {
        var readme = Page.Parse("README.md", "# Title\n");
        var page = Page.Parse("docs/page.md", text);

        Assert.Equal(
            problem,
            LinkCheck.Check(page, path => path is "README.md" or "docs/page.md", path => path == "README.md" ? readme : null)
            .SingleOrDefault());
    }

    // The page as it is passes: PageTests.
    [Theory]
    [InlineData("`ProductService`, `ProductService.UpdateAsync`, `Program.cs`, `--cache redis`, `docker/HealthProbe.cs`", true, 0)]
    [InlineData("`ProductServices`", false, 1)]
    [InlineData("`ProductService.Update`", false, 1)]
    [InlineData("`docker/Probe.cs`", false, 1)]
    [InlineData("`--cache redis` and words", false, 0)]
    public async Task A_place_that_is_not_there_is_named(string text, bool isPlace, int problems)
    {
        var code = new GeneratedCode(await Suite.RenderedAsync());
        var check = new NameCheck(code, await Pages.RepositoryAsync(), Glossary.Of([]));

        Assert.Equal(isPlace, code.PointsAt(text));
        Assert.Equal(problems, check.Check(Page.Parse("page.md", text)).Count());
    }

    [Fact]
    public void A_block_is_read_without_its_fence_and_indentation()
    {
        var page = Page.Parse(
            "page.md", $"1. step\n\n   {Fence}sh\n   one \\\n     two   # comment\n   # three\n   four\n   {Fence}\n\n`name`\n");

        Assert.Equal(["one two", "four"], CommandLines.Of(page));
        Assert.Equal("page.md:3", page.Blocks.Single().Place);
        Assert.Equal(["name"], page.Names);
    }

    [Fact]
    public void A_tree_is_read_as_paths()
    {
        var page = Page.Parse(
            "page.md", $"{Fence}text\ntop/\n  a.md  b.md\n  src/one/\n    C.cs   the first\n    D/  E/  the others\n  last/\n{Fence}\n");

        Assert.True(Tree.IsOne(page.Blocks.Single()));
        Assert.Equal(["a.md", "b.md", "src/one", "src/one/C.cs", "src/one/D", "src/one/E", "last"], Tree.PathsOf(page.Blocks.Single()));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\nA: 1\n\n{\"id\":\"…\",\"n\":1}", true)]
    [InlineData("HTTP/1.1 200 OK\nB: t…o\n", true)]
    [InlineData("HTTP/1.1 201 Created", false)]
    [InlineData("HTTP/1.1 200 OK\nA: 2", false)]
    [InlineData("HTTP/1.1 200 OK\nC: 1", false)]
    [InlineData("HTTP/1.1 200 OK\n\n{\"id\":\"…\",\"n\":2}", false)]
    [InlineData("HTTP/1.1 200 OK\n\n{\"id\":\"…\"}", false)]
    [InlineData("HTTP/1.1 200 OK\n\n{\"id\":\"…\",\"n\":1,\"m\":1}", false)]
    public void An_answer_is_compared_with_what_is_shown(string shown, bool isAsShown) =>
        Assert.Equal(
            isAsShown, Answer.IsAsShown(new CodeBlock("", "http", shown), "HTTP/1.1 200 OK\nA: 1\nB: two\n\n{\"id\": 7, \"n\": 1}"));

    [Theory]
    [InlineData("Behaviour", true)]
    [InlineData("it was cancelled", true)]
    [InlineData("unrecognised", true)]
    [InlineData("behavior, canceled, recognized, cancellation, a promise, exercises, analysis", false)]
    public void A_British_spelling_is_named(string text, bool isNamed) => Assert.Equal(isNamed, Spelling.Check("page", text).Any());
}
