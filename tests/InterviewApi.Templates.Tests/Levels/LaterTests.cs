using System.Text;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Items;
using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// Flags and the version of the pack can be changed later: what the template then generates merges with a project that has a
/// resource and edits of its own.
/// </summary>
[Trait("Level", "Later")]
public sealed class LaterTests(ITestOutputHelper output)
{
    private static readonly (string Flag, string Value)[][] Starts =
    [
        [],
        [("database", "postgres"), ("cache", "redis")],
        [
            ("auth", "none"), ("migrations", "false"), ("cache", "none"), ("rate-limiting", "false"), ("websockets", "false"),
            ("docker", "false"), ("nginx", "false"), ("ci", "none"), ("sample", "basic")],
        [
            ("auth", "none"), ("cache", "none"), ("rate-limiting", "false"), ("websockets", "false"), ("docker", "false"),
            ("nginx", "false"), ("ci", "none"), ("sample", "none")],
    ];

    [Fact]
    public async Task Each_flag_in_both_directions_and_a_newer_version_merge_with_a_project_that_has_a_resource()
    {
        var table = await Suite.RenderedAsync();
        using var resources = await ResourceEngine.LoadAsync(hasAccounts: false);
        var resource = await resources.RenderAsync(ResourceCommands.Reference);
        using var earlier = await TemplateEngine.LoadAsync(await EarlierPack.TemplateAsync(), CancellationToken.None);
        var report = new MergeReport(Path.Combine(Suite.ProjectFolder, "later-exceptions.txt"));
        foreach (var start in Starts.Select(values => table.Space.FirstWith(values)))
        {
            var generated = Files(start);
            var mine = ProjectWithResource.Of(start, generated, resource);
            foreach (var (option, other) in Changes(start))
            {
                await report.MergeAsync(option.Flag, $"{start[option]} -> {other[option]} ({start})", generated, mine, Files(other));
            }

            var before = (await earlier.GenerateAsync(EveryCombination.ProjectName, start.ToParameters(), CancellationToken.None))
                .ToDictionary(file => file.Key, file => Scrubber.RemoveFlags(file.Key, file.Value));
            var merged = await report.MergeAsync(
                "version", $"{EarlierPack.Version} -> ({start})", before, ProjectWithResource.Of(start, before, resource), generated);
            var project = Encoding.UTF8.GetString(merged["src/Acme.Shop/Acme.Shop.csproj"]);
            Assert.Equal(Encoding.UTF8.GetString(generated["src/Acme.Shop/Acme.Shop.csproj"]), project);
            Assert.DoesNotContain(EarlierPack.Version, project, StringComparison.Ordinal);
        }

        output.WriteLine($"{report.Merges} merges");
        Problems.AssertNone(report.Problems());

        Dictionary<string, byte[]> Files(Combination combination) => table.Project(combination.Number)
            .ToDictionary(file => file.Path, file => file.Content);
    }

    private static IEnumerable<(TemplateOption Option, Combination Other)> Changes(Combination start) =>
        from option in start.Space.Options.Index()
        from value in Enumerable.Range(0, option.Item.Values.Count)
        where value != start.Space.ValueIndex(start.Number, option.Index)
        select (option.Item, start.Space[start.Space.With(start.Number, option.Index, value)]);
}
