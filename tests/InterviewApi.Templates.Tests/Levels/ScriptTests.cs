using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The linters of shell scripts and of units, over every distinct rendering and over the pack's own scripts.</summary>
[Trait("Level", "Edge")]
public sealed partial class ScriptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task No_generated_script_has_a_flaw()
    {
        Requires.Programs("shellcheck");
        var scripts = await WrittenRenderings.WriteAsync("scripts", path => path.EndsWith(".sh", StringComparison.Ordinal));

        Assert.True(scripts.Count >= 8, $"There are only {scripts.Count} scripts.");
        (await Cli.RunAsync("shellcheck", "/", Patience, scripts)).EnsureSucceeded();
    }

    [Fact]
    public async Task No_script_of_the_pack_has_a_flaw()
    {
        Requires.Programs("shellcheck");
        string[] standIns = [.. ((string[])["host", "docker"]).SelectMany(name => Directory.GetFiles(Path.Combine(Suite.ProjectFolder, "Fixtures", name)))];

        // What others read is checked with them.
        string[] scripts = ["test.sh", "try.sh", ".ci/run", "tests/failures.sh", "benchmarks/run.sh", .. standIns];
        (await Cli.RunAsync("shellcheck", SdkAssemblies.RepositoryRoot, Patience, ["--external-sources", "--source-path=SCRIPTDIR", .. scripts])).EnsureSucceeded();
    }

    // What a developer runs on macOS: bash 3.2, BSD's tools and LibreSSL know none of these.
    [Fact]
    public async Task Scripts_of_a_developer_run_on_macOS()
    {
        var scripts = await WrittenRenderings.WriteAsync("macos", path => Path.GetFileName(path) is "make-certificate.sh" or "ship.sh" or "check-coverage.sh");
        Assert.True(scripts.Count >= 6, $"There are only {scripts.Count} scripts.");

        Assert.All(scripts, script => Assert.DoesNotMatch(GnuOnly(), File.ReadAllText(script)));
    }

    [Fact]
    public async Task Systemd_understands_every_unit()
    {
        Requires.Programs("systemd-analyze");
        var units = await WrittenRenderings.WriteAsync("units", path => path.EndsWith(".service", StringComparison.Ordinal));
        Assert.True(units.Count >= 2, $"There are only {units.Count} units.");

        foreach (var unit in units)
        {
            var result = (await Cli.RunAsync("systemd-analyze", "/", Patience, ["verify", "--man=no", unit])).EnsureSucceeded();
            Assert.Equal("", result.Output);
        }
    }

    // 10 is a unit without any directive of a sandbox, and what a web server has to have is worth more than 1.
    [Fact]
    public async Task No_unit_is_exposed()
    {
        Requires.Programs("systemd-analyze");
        foreach (var unit in await WrittenRenderings.WriteAsync("sandboxes", path => path.EndsWith(".service", StringComparison.Ordinal)))
        {
            (await Cli.RunAsync("systemd-analyze", "/", Patience, ["security", "--offline=true", "--threshold=15", "--no-pager", unit])).EnsureSucceeded();
            var lines = await File.ReadAllLinesAsync(unit);
            Assert.Superset(new HashSet<string> { "UMask=0077", "StateDirectoryMode=0700" }, lines.ToHashSet());
        }
    }

    [GeneratedRegex(@"\b(mapfile|readarray|readlink -f|sed -i|stat --|tac)\b|(?<=\s)-noenc\b|(mktemp|tar|cp|install|sort|grep) --|\$\{\w+(,,|\^\^|@)|declare -A")]
    private static partial Regex GnuOnly();
}
