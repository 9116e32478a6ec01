using System.Diagnostics;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Level 6: what the in-process engine says about every combination is what <c>dotnet new</c> does with the package.</summary>
[Trait("Level", "Agreement")]
[Collection(AloneGroup.Name)]
public sealed class AgreementTests(ITestOutputHelper output)
{
    private const int LeastAdvantage = 15;

    [Fact]
    public async Task Engine_and_command_line_agree_byte_for_byte_on_the_covering_array()
    {
        using var engine = await TemplateEngine.LoadAsync(Suite.Template.Folder, CancellationToken.None);
        var differences = new List<string>();
        foreach (var (index, (name, combination)) in CoveringArray.Rows.Index())
        {
            var (_, fromPackage) = await GeneratedProjects.OfRowAsync(index);
            var inProcess = await engine.GenerateAsync(name, combination.ToParameters(), CancellationToken.None);
            differences.AddRange(Agreement.Differences(inProcess, fromPackage, $"{name}: {combination}"));
        }

        Problems.AssertNone(differences);
    }

    [Fact]
    public async Task The_engine_is_at_least_15_times_as_fast_as_one_process_for_each_combination()
    {
        var hive = await TemplateHive.InstalledAsync();
        var rows = CoveringArray.Pairwise().Take(6).ToArray();
        await hive.GenerateAsync("Warm.Up", rows[0].Combination);
        var clock = Stopwatch.StartNew();
        foreach (var (name, combination) in rows)
        {
            await hive.GenerateAsync(name, combination);
        }

        var processes = rows.Length / clock.Elapsed.TotalSeconds;
        var rendering = await Suite.RenderingAsync();
        var engine = rendering.CombinationsPerSecond;
        output.WriteLine(
            $"{engine:0.0} combinations a second in process ({rendering.Runs} runs of the engine for {Suite.Template.Space.Count}), {processes:0.00} by dotnet new: {engine / processes:0} times as fast");

        // A small space is over before the engine is warm: its rate says nothing then.
        Assert.True(Suite.Template.Space.Count < 500 || engine / processes >= LeastAdvantage, $"{engine:0.0} against {processes:0.00}");
    }

    [Fact]
    public void Every_two_values_of_every_two_options_meet_in_the_covering_array_and_every_name_meets_every_database()
    {
        var options = Suite.Template.Options;
        var rows = CoveringArray.Pairwise();
        output.WriteLine($"{rows.Count} rows for {Suite.Template.Space.Count} combinations and {CoveringArray.Names.Count} names");

        var values = options.SelectMany(option => option.Values.Select(value => (Option: option, Value: value))).ToArray();
        Assert.All(
            from one in values
            from other in values
            where one.Option != other.Option
            select (one, other),
            pair => Assert.Contains(
                rows, row => row.Combination[pair.one.Option] == pair.one.Value && row.Combination[pair.other.Option] == pair.other.Value));
        Assert.All(CoveringArray.Names, name => Assert.Equal(
            CoveringArray.Database.Values.Order(),
            rows.Where(row => row.Name == name).Select(row => row.Combination[CoveringArray.Database]).Distinct().Order()));
        Assert.Equal(rows, CoveringArray.Pairwise());
    }
}
