using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The benchmark can be run at any time. What it measures is no test: a busy machine would fail it.</summary>
[Trait("Level", "Benchmark")]
public sealed class BenchmarkTests
{
    private static readonly string Folder = Path.Combine(SdkAssemblies.RepositoryRoot, "benchmarks");

    [Fact]
    public async Task The_reference_of_the_benchmarks_builds_without_a_warning()
    {
        var output = new TemporaryFolder("reference").Path;
        string[] arguments = ["build", "Reference", "--configuration", "Release", "-p:ArtifactsPath=" + output];

        var build = (await Cli.DotnetAsync(Folder, TimeSpan.FromMinutes(3), arguments)).EnsureSucceeded();

        Assert.Contains("0 Warning(s)", build.Output, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(output, "Reference.dll", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_scripts_of_the_benchmarks_parse()
    {
        var scripts = Directory.GetFiles(Folder, "*.sh");

        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            (await Cli.RunAsync("bash", Folder, TimeSpan.FromSeconds(30), ["-n", script])).EnsureSucceeded();
        }
    }
}
