using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The linters of shell scripts and of units, over every distinct rendering and over the pack's own scripts.</summary>
[Trait("Level", "Edge")]
public sealed class ScriptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [ProgramsFact("shellcheck")]
    public async Task No_generated_script_has_a_flaw()
    {
        var scripts = await WrittenRenderings.WriteAsync("scripts", path => path.EndsWith(".sh", StringComparison.Ordinal));

        Assert.True(scripts.Count >= 8, $"There are only {scripts.Count} scripts.");
        (await Cli.RunAsync("shellcheck", "/", Patience, scripts)).EnsureSucceeded();
    }

    [ProgramsFact("shellcheck")]
    public async Task No_script_of_the_pack_has_a_flaw()
    {
        string[] standIns = [.. ((string[])["host", "docker"]).SelectMany(name => Directory.GetFiles(Path.Combine(Suite.ProjectFolder, "Fixtures", name)))];

        // What others read is checked with them.
        string[] scripts = ["test.sh", "try.sh", ".ci/run", "benchmarks/run.sh", .. standIns];
        (await Cli.RunAsync("shellcheck", SdkAssemblies.RepositoryRoot, Patience, ["--external-sources", "--source-path=SCRIPTDIR", .. scripts])).EnsureSucceeded();
    }

    [ProgramsFact("systemd-analyze")]
    public async Task Systemd_understands_every_unit()
    {
        var units = await WrittenRenderings.WriteAsync("units", path => path.EndsWith(".service", StringComparison.Ordinal));
        Assert.True(units.Count >= 2, $"There are only {units.Count} units.");

        foreach (var unit in units)
        {
            var result = (await Cli.RunAsync("systemd-analyze", "/", Patience, ["verify", "--man=no", unit])).EnsureSucceeded();
            Assert.Equal("", result.Output);
        }
    }
}
