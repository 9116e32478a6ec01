using System.Globalization;
using InterviewApi.Templates.Tests.Documents;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The generated parts of the documents are true.</summary>
[Trait("Level", "Docs")]
public sealed class DocumentTests
{
    [Fact]
    public void The_option_reference_has_every_flag() =>
        new GeneratedDocument("docs/options.md", "flags").Verify(OptionReference.Write(Suite.Template));

    [Fact]
    public async Task The_numbers_of_the_levels_are_those_of_the_template()
    {
        var table = (await Suite.RenderedAsync()).Map(Scrubber.Scrub);
        var space = Suite.Template.Space;
        var sizes = table.Files.Values.Select(file => file.Contents.Count).ToArray();
        var perProject = space.All().Select(combination => table.Project(combination.Number).Count()).ToArray();
        var bytes = table.Files.Values.Sum(file => file.Contents.Sum(content => (long)content.Length));

        new GeneratedDocument("docs/testing.md", "numbers").Verify(string.Create(CultureInfo.InvariantCulture, $"""
            | what | how many |
            | --- | --- |
            | options | {space.Options.Count} |
            | combinations | {space.Count:N0} |
            | files in one project | {perProject.Min()} to {perProject.Max()} |
            | different paths | {table.Files.Count} |
            | paths with one rendering only | {sizes.Count(size => size == 1)} |
            | distinct renderings, each approved once | {table.DistinctRenderings:N0} |
            | most renderings of one file | {sizes.Max()} ({table.Files.MaxBy(file => file.Value.Contents.Count).Key}) |
            | size of what is approved | {bytes / 1024:N0} KiB |
            | combinations that differ in code, all compiled on a schedule | {DifferentCode(table):N0} |
            | combinations compiled on each change | {CoveringArray.Compiled(table).Count} |
            | rows of the covering array, really built and tested | {CoveringArray.Pairwise().Count} |

            """));
    }
    [Fact]
    public async Task The_readme_counts_as_the_tests_do()
    {
        var table = await Suite.RenderedAsync();
        var readme = Pages.Get("README.md").Text;
        var files = table.Project(0).Count();

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"All {table.Space.Count:N0} are rendered and approved byte by byte, every three options compile together without a warning, on a schedule all {DifferentCode(table):N0} that differ in code"), readme, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| Combinations that flags allow | {table.Space.Count:N0} |"), readme, StringComparison.Ordinal);
        Assert.Contains($"| Files | about {(files + 5) / 10 * 10} |", readme, StringComparison.Ordinal);
    }

    private static int DifferentCode(RenderingTable table)
    {
        var code = table.Files.Where(file => file.Key.EndsWith(".cs", StringComparison.Ordinal)).Select(file => file.Value).ToArray();

        return table.Space.All().Select(combination => string.Join(',', code.Select(file => file.RenderingOf[combination.Number]))).Distinct().Count();
    }
}
