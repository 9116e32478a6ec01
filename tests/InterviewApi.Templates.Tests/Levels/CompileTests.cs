using InterviewApi.Templates.Tests.Compiling;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Items;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// Level 4: what differs in code compiles without a warning, with every three values of the options that change code; the
/// rows that are really built have resources that were added to them. In a full run, all that differs in code, and all of
/// it with resources.
/// </summary>
[Trait("Level", "Compile")]
public sealed class CompileTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_three_options_compile_without_a_warning()
    {
        var rendered = await Suite.RenderedAsync();
        var compiled = CoveringArray.Compiled(rendered);
        var table = await AddedResources.ToAsync(
            rendered, Suite.Full ? compiled : [.. CoveringArray.Pairwise().Select(row => row.Combination)]);
        var contexts = await Suite.BuildContextsAsync();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var (compilations, problems) = await EveryCompilation.DiagnoseAsync(
            table, [.. compiled.Select(combination => combination.Number)], contexts, CancellationToken.None);
        output.WriteLine($"{compiled.Count} combinations, {compilations} compilations in {clock.Elapsed.TotalSeconds:0.0} s");

        Assert.True(compilations > 0);
        Problems.AssertNone(problems);
    }

    [Fact]
    public async Task Every_three_values_of_the_options_that_change_code_are_compiled()
    {
        var table = await Suite.RenderedAsync();
        var compiled = CoveringArray.Compiled(table);
        var values = CoveringArray.CodeOptions(table).Select(option => table.Space.Options[option])
            .SelectMany(option => option.Values.Select(value => (Option: option, Value: value))).ToArray();

        Assert.Empty(
            from one in values
            from two in values
            from three in values
            where one.Option != two.Option && one.Option != three.Option && two.Option != three.Option
            where !compiled.Any(
                combination =>
                    combination[one.Option] == one.Value && combination[two.Option] == two.Value
                    && combination[three.Option] == three.Value)
            select $"{one.Option.Flag}={one.Value} {two.Option.Flag}={two.Value} {three.Option.Flag}={three.Value}");
    }
}
