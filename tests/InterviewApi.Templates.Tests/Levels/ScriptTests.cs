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
        string[] standIns = [
            .. ((string[])["host", "docker", "engine"]).SelectMany(name => Directory.GetFiles(Path.Combine(Suite.ProjectFolder, "Fixtures", name)))];

        // What others read is checked with them.
        string[] scripts = ["test.sh", "try.sh", ".ci/run", "tests/failures.sh", "benchmarks/run.sh", .. standIns];
        (
            await Cli.RunAsync(
                "shellcheck", SdkAssemblies.RepositoryRoot, Patience,
                ["--external-sources", "--source-path=SCRIPTDIR", .. scripts])).EnsureSucceeded();
    }

    // All but what a host of releases runs, which has Linux.
    [Fact]
    public async Task Scripts_of_a_developer_run_on_macOS()
    {
        var scripts = await WrittenRenderings.WriteAsync(
            "macos", path => path.EndsWith(".sh", StringComparison.Ordinal) && path != "scripts/deploy.sh");
        Assert.Superset(
            new HashSet<string?> { "check.sh", "make-certificate.sh", "regenerate.sh", "ship.sh" },
            scripts.Select(Path.GetFileName).ToHashSet());

        string[] own = [.. ((string[])["test.sh", "try.sh"]).Select(name => Path.Combine(SdkAssemblies.RepositoryRoot, name))];
        Assert.All([.. scripts, .. own], script => Assert.All(File.ReadAllLines(script), line => Assert.DoesNotMatch(GnuOnly(), line)));
    }

    [Theory]
    [InlineData("sed -i 's/a/b/' file")]
    [InlineData("sed -E -i 's/a/b/' file")]
    [InlineData("sed -n '/a/{p}' file")]
    [InlineData("date -d yesterday")]
    [InlineData("date +%s%N")]
    [InlineData("cd \"$(readlink -f \"$0\")\"")]
    [InlineData("grep -oP '\\d+' file")]
    [InlineData("find . | xargs -r rm")]
    [InlineData("find . -printf '%f'")]
    [InlineData("mktemp --directory")]
    [InlineData("mktemp --suffix=.db")]
    [InlineData("stat -c %a file")]
    [InlineData("sort -V versions")]
    [InlineData("base64 -w0 key")]
    [InlineData("head -n -1 file")]
    [InlineData("mapfile -t lines < file")]
    [InlineData("declare -A ports")]
    [InlineData("folder=${name,,}")]
    [InlineData("openssl req -x509 -noenc")]
    [InlineData("curl example.com |& tee log")]
    [InlineData("sha256sum file")]
    public void What_macOS_does_not_know_is_found(string line) => Assert.Matches(GnuOnly(), line);

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
            (await Cli.RunAsync("systemd-analyze", "/", Patience, ["security", "--offline=true", "--threshold=15", "--no-pager", unit]))
                .EnsureSucceeded();
            var lines = await File.ReadAllLinesAsync(unit);
            Assert.Superset(new HashSet<string> { "UMask=0077", "StateDirectoryMode=0700" }, lines.ToHashSet());
        }
    }

    // What bash 3.2, BSD's tools and LibreSSL do not know.
    [GeneratedRegex(
        @"\b(mapfile|readarray|coproc|globstar|EPOCHSECONDS|tac|nproc|realpath|sha256sum|md5sum)\b|\btimeout \d|\b(declare|local) -[An]\b|\bwait -n\b"
        + @"|\$\{\w+(\[@\])?[,^@]|\|&|&>>|\bsed( -\w+)* -\w*[iz]|\bsed\b.*(?<![$\\])\{[^}]*[^};\\\d]\}|\bdate (-d|-I|.*%N)|\breadlink -\w*f"
        + @"|\bgrep (-\w+ )*-\w*P|\bxargs (-\w+ )*-\w*[rd]|\bstat -\w*c|\bsort (-\w+ )*-\w*V|\bbase64 -\w*w|\bhead -n ?-\d|\bfind\b.* -(printf|regextype)"
        + @"|(?<=\s)-noenc\b|\b(mktemp|tar|cp|mv|ln|rm|install|sort|grep|sed|date|stat|xargs|head|tail|base64|chmod|chown) --\w")]
    private static partial Regex GnuOnly();
}
