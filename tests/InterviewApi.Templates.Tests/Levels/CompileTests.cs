using InterviewApi.Templates.Tests.Compiling;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Items;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Level 4: every combination that differs in code compiles without a warning, with resources that were added to it.</summary>
[Trait("Level", "Compile")]
public sealed class CompileTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_combination_compiles_without_a_warning()
    {
        var table = await AddedResources.ToAsync(await Suite.RenderedAsync());
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var (compilations, problems) = await EveryCompilation.DiagnoseAsync(table, await Suite.BuildContextsAsync(), CancellationToken.None);
        output.WriteLine($"{compilations} compilations in {clock.Elapsed.TotalSeconds:0.0} s");

        Assert.True(compilations > 0);
        Problems.AssertNone(problems);
    }
}
