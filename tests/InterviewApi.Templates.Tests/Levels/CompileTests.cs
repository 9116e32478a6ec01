using InterviewApi.Templates.Tests.Compiling;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Items;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// Level 4: every combination that differs in code compiles without a warning, those of the covering array with resources
/// that were added to them; in a full run, all of them.
/// </summary>
[Trait("Level", "Compile")]
public sealed class CompileTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_combination_compiles_without_a_warning()
    {
        var rendered = await Suite.RenderedAsync();
        var table = await AddedResources.ToAsync(rendered, Suite.Full ? [.. rendered.Space.All()] : [.. CoveringArray.Pairwise().Select(row => row.Combination)]);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var (compilations, problems) = await EveryCompilation.DiagnoseAsync(table, await Suite.BuildContextsAsync(), CancellationToken.None);
        output.WriteLine($"{compilations} compilations in {clock.Elapsed.TotalSeconds:0.0} s");

        Assert.True(compilations > 0);
        Problems.AssertNone(problems);
    }
}
