using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Documents;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>A generated project can be read in an hour: its files and lines stay within size-budget.txt.</summary>
[Trait("Level", "Size")]
public sealed partial class SizeTests
{
    private const int ShortFile = 15;

    private static readonly string[] Recipes = ["default", "full", "minimal", "skeleton"];

    private static readonly string[] Measures =
        [
            "files", "C# files in src, no migrations", "lines in them", "of these files, 15 lines or shorter", "caching, lines",
            "rate limiting, lines"];

    [Fact]
    public async Task Files_and_lines_stay_within_the_budget()
    {
        var sizes = await MeasureAsync();
        var budget = ReadBudget();
        var rows = Measures.Index().Select(
            measure =>
                $"| {measure.Item} | {string.Join(" | ", Recipes.Index().Select(recipe => $"{sizes[recipe.Index][measure.Index]:N0} of {budget[measure.Index][recipe.Index]:N0}"))} |");

        new GeneratedDocument("docs/architecture.md", "size").Verify(
            $"""
            | what, and its budget | default | full | minimal | skeleton |
            | --- | --- | --- | --- | --- |
            {string.Join('\n', rows)}

            """);
        Problems.AssertNone(
        [
            .. from measure in Measures.Index()
               from recipe in Recipes.Index()
               let size = sizes[recipe.Index][measure.Index]
               let most = budget[measure.Index][recipe.Index]
               where size > most
               select $"{recipe.Item}: {measure.Item}: {size}, and {most} is the budget.",
        ]);
    }

    [Fact]
    public async Task Code_has_nothing_that_the_platform_offers()
    {
        var table = await Suite.RenderedAsync();

        Problems.AssertNone(
        [
            .. from file in table.Files
               where file.Key.StartsWith("src/", StringComparison.Ordinal) && file.Key.EndsWith(".cs", StringComparison.Ordinal)
               from line in file.Value.Contents.SelectMany(content => Encoding.UTF8.GetString(content).Split('\n')).Distinct()
               where OwnParts().IsMatch(line)
               select $"{file.Key}: {line.Trim()}",
        ]);
    }

    private static async Task<int[][]> MeasureAsync()
    {
        var table = await Suite.RenderedAsync();

        return [.. Recipes.Select(recipe =>
        {
            var files = table.Project(Of(recipe).Number).ToArray();
            var code = files.Where(
                file =>
                    file.Path.StartsWith("src/", StringComparison.Ordinal) && file.Path.EndsWith(".cs", StringComparison.Ordinal)
                    && !file.Path.Contains("/Migrations/", StringComparison.Ordinal))
                .Select(file => (file.Path, Lines: file.Content.Count(character => character == '\n'))).ToArray();
            int LinesOf(Regex concern) => code.Where(file => concern.IsMatch(file.Path)).Sum(file => file.Lines);

            return (int[])[
                files.Length, code.Length, code.Sum(file => file.Lines), code.Count(file => file.Lines <= ShortFile), LinesOf(Caching()),
                LinesOf(RateLimiting())];
        })];
    }

    private static Combination Of(string recipe) => recipe switch
    {
        "default" => Suite.Template.Space[0],
        "full" => Suite.Template.Space.FirstWith(("database", "postgres"), ("cache", "redis")),
        "minimal" => Suite.Template.Space.FirstWith(
            ("auth", "none"), ("cache", "none"), ("rate-limiting", "false"), ("websockets", "false"), ("docker", "false"),
            ("nginx", "false"), ("ci", "none"), ("sample", "basic")),
        _ => Suite.Template.Space.FirstWith(("sample", "none")),
    };

    private static int[][] ReadBudget() =>
    [
        .. File.ReadLines(Path.Combine(Suite.ProjectFolder, "size-budget.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Zip(Measures, (cells, measure) => cells[0] == measure
                ? cells[1..5].Select(cell => int.Parse(cell, CultureInfo.InvariantCulture)).ToArray()
                : throw new InvalidDataException($"size-budget.txt has '{cells[0]}' where '{measure}' belongs.")),
    ];

    [GeneratedRegex("Cach")]
    private static partial Regex Caching();

    [GeneratedRegex("RateLimit")]
    private static partial Regex RateLimiting();

    // Keyed services, groups that only carry a filter, an own cache, an own name of a policy, an own pipeline.
    [GeneratedRegex(@"FromKeyedServices|MapGroup\(""""\)|SingleFlight|IReadCache|RateLimitPolicyName|RemoveAll<IStartupFilter>")]
    private static partial Regex OwnParts();
}
