using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Documents;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The generated parts of the documents are true.</summary>
[Trait("Level", "Docs")]
public sealed partial class DocumentTests
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
    public void Every_level_of_the_tests_is_in_the_table_of_the_levels()
    {
        var levels = typeof(DocumentTests).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<TraitAttribute>())
            .Select(trait => trait.Value).Distinct().ToArray();
        var rows = File.ReadLines(Path.Combine(SdkAssemblies.RepositoryRoot, "docs", "testing.md"))
            .Select(line => LevelOfRow().Match(line).Groups["level"].Value).Where(level => level.Length > 0);

        Assert.Equal(levels.Order(StringComparer.Ordinal), rows.Distinct().Order(StringComparer.Ordinal));
    }

    // The page of the registry shows markers as text.
    [Fact]
    public async Task The_readme_has_every_flag_and_counts_as_the_tests_do()
    {
        var table = await Suite.RenderedAsync();
        var files = (table.Project(0).Count() + 5) / 10 * 10;

        GeneratedDocument.Verify("README.md", Flags(), OptionReference.Write(Suite.Template));
        GeneratedDocument.Verify(
            "README.md", Rendered(), string.Create(CultureInfo.InvariantCulture, $"All {table.Space.Count:N0} are rendered"));
        GeneratedDocument.Verify(
            "README.md", Compiled(), string.Create(CultureInfo.InvariantCulture, $"all {DifferentCode(table):N0} that differ in code"));
        GeneratedDocument.Verify(
            "README.md", Allowed(),
            string.Create(CultureInfo.InvariantCulture, $"| Combinations that flags allow | {table.Space.Count:N0} |"));
        GeneratedDocument.Verify("README.md", Files(), $"| Files | about {files} |");
    }

    private static int DifferentCode(RenderingTable table)
    {
        var code = table.Files.Where(file => file.Key.EndsWith(".cs", StringComparison.Ordinal)).Select(file => file.Value).ToArray();

        return table.Space.All().Select(combination => string.Join(',', code.Select(file => file.RenderingOf[combination.Number])))
            .Distinct().Count();
    }

    [GeneratedRegex("^\\| ([0-9] )?`(?<level>[A-Z][a-z]+)` \\|")]
    private static partial Regex LevelOfRow();

    [GeneratedRegex(@"\| flag \|.*\n\|.*\n(\| `--.*\n)+")]
    private static partial Regex Flags();

    [GeneratedRegex("All [0-9,]+ are rendered")]
    private static partial Regex Rendered();

    [GeneratedRegex("all [0-9,]+ that differ in code")]
    private static partial Regex Compiled();

    [GeneratedRegex(@"\| Combinations that flags allow \| [0-9,]+ \|")]
    private static partial Regex Allowed();

    [GeneratedRegex(@"\| Files \| about [0-9]+ \|")]
    private static partial Regex Files();
}
