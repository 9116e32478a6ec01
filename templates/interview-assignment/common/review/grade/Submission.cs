using System.Globalization;
using System.Text.RegularExpressions;

/// <summary>The change of one file.</summary>
public sealed record Change(string Path, int Added, int Removed);

/// <summary>
/// What a candidate handed in, compared with the baseline. Files that decide how it is judged are put back, and what was
/// changed in them is named.
/// </summary>
public sealed partial class Submission
{
    private static readonly string[] Protected =
    [
        "checks", "contract.yaml", "check.sh", ".editorconfig", "Directory.Build.props", "global.json", ".github", ".gitlab-ci.yml",
#if (IsSenior)
        "pull-request.patch",
#endif
    ];

    private readonly string _baseline;

    private Submission(string folder, string baseline) => (Folder, _baseline) = (folder, baseline);

    public string Folder { get; }

    /// <value>What a reviewer has to know about the history and the files that judge.</value>
    public List<string> Remarks { get; } = [];

    public IReadOnlyList<Change> Changes { get; private set; } = [];

    public string Diff { get; private set; } = "";

    /// <value>The lines of each C# file of the application that are the candidate's.</value>
    public Dictionary<string, HashSet<int>> OwnLines { get; } = [];

    /// <value>Names and addresses that no result may contain.</value>
    public IReadOnlyList<string> Identities { get; private set; } = [];

    /// <summary>A folder that is compared with nothing.</summary>
    public static Submission Empty(string folder) => new(folder, "");

    public static async Task<Submission> ReadAsync(Kit kit, string source, string work)
    {
        var origin = Path.Combine(work, "baseline");
        var baseline = await Baseline.CreateAsync(kit, origin);
        var submission = new Submission(Path.Combine(work, "submission"), baseline);
        var location = Directory.Exists(source) ? Path.GetFullPath(source) : source;
        await Baseline.GitAsync(
            work, "-c", "core.symlinks=false", "-c", "protocol.ext.allow=never", "-c", "safe.directory=*",
            "clone", "--quiet", "--no-hardlinks", "--template=", "--", location, submission.Folder);
        await submission.GitAsync("config", "core.symlinks", "false");
        await submission.GitAsync("fetch", "--quiet", origin, "main:refs/kit/baseline");
        await submission.CheckHistoryAsync();
        await submission.ReadChangesAsync();
        await submission.RestoreAsync(kit);
        submission.Identities = [.. (await submission.GitAsync("log", "--format=%an%n%ae%n%cn%n%ce", "HEAD")).Split('\n').Distinct()
            .Where(name => name.Length > 2 && !name.StartsWith("Assignment", StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(name => name.Length)];
        return submission;
    }

    private Task<string> GitAsync(params string[] arguments) => Baseline.GitAsync(Folder, arguments);

    private async Task CheckHistoryAsync()
    {
        var isAncestor = await Processes.RunAsync(Folder, TimeSpan.FromMinutes(1), "git", "merge-base", "--is-ancestor", _baseline, "HEAD");
        if (isAncestor.Succeeded)
        {
            return;
        }

        var tree = await GitAsync("rev-parse", $"{_baseline}^{{tree}}");
        var log = (await GitAsync("log", "--format=%H %T", "HEAD")).Split('\n');
        var (same, first) = (log.FirstOrDefault(line => line.EndsWith(tree, StringComparison.Ordinal)), _baseline[..10]);
        Remarks.Add(same is not null
            ? $"The history was rewritten: commit {same[..10]} has the files of the handout, "
                + $"but is not the commit {first} that was handed out."
            : $"The history does not contain the commit {first} that was handed out. "
                + "Either it was rewritten, or handout/ was changed since.");
    }

    private async Task ReadChangesAsync()
    {
        Diff = await GitAsync("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", _baseline, "HEAD");
        var numbers = await GitAsync("diff", "--numstat", "--no-renames", "--no-ext-diff", _baseline, "HEAD");
        Changes = [.. numbers.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'))
            .Select(parts => new Change(parts[2], Number(parts[0]), Number(parts[1])))];
        var lines = await GitAsync(
            "diff", "--unified=0", "--no-color", "--no-renames", "--no-ext-diff", "--no-textconv", _baseline, "HEAD", "--", "src");
        var file = "";
        foreach (var line in lines.Split('\n'))
        {
            if (line.StartsWith("+++ b/", StringComparison.Ordinal))
            {
                file = line[6..].Trim();
            }
            else if (Hunk().Match(line) is { Success: true } hunk && file.EndsWith(".cs", StringComparison.Ordinal))
            {
                var count = hunk.Groups["count"].Success ? Number(hunk.Groups["count"].Value) : 1;
                OwnLines.TryAdd(file, []);
                OwnLines[file].UnionWith(Enumerable.Range(Number(hunk.Groups["start"].Value), count));
            }
        }

        Remarks.AddRange(Diff.Split('\n')
            .Where(line => line.StartsWith('+') && Suppression().IsMatch(line))
            .Select(line => $"A rule is switched off: {line[1..].Trim()}").Distinct().Take(10));
        Remarks.AddRange(Changes
            .Where(change => change.Path.ToLowerInvariant() is "directory.build.targets" or "directory.build.rsp" or "nuget.config")
            .Select(change => $"A file that changes the build was added: {change.Path}"));
    }

    private async Task RestoreAsync(Kit kit)
    {
        var paths = Protected.Append($"tests/{kit.Name}.Tests/Architecture").ToArray();
        var known = (await GitAsync(["ls-tree", "-r", "--name-only", _baseline, "--", .. paths])).Split('\n');
        foreach (var change in Changes.Where(IsProtected))
        {
            var isKnown = known.Contains(change.Path);
            var exists = File.Exists(Path.Combine(Folder, change.Path));
            var done = isKnown ? exists ? "changed" : "deleted" : "added";
            Remarks.Add(
                $"A protected file was {done}, and grading uses the handout's: {change.Path} (+{change.Added} -{change.Removed})");
            if (isKnown)
            {
                await GitAsync("checkout", "--quiet", _baseline, "--", change.Path);
            }
            else
            {
                File.Delete(Path.Combine(Folder, change.Path));
            }
        }

        Changes = [.. Changes.Where(change => !IsProtected(change))];

        bool IsProtected(Change change) =>
            paths.Any(path => change.Path == path || change.Path.StartsWith($"{path}/", StringComparison.Ordinal));
    }

    private static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^@@ -\S+ \+(?<start>\d+)(,(?<count>\d+))? @@")]
    private static partial Regex Hunk();

    [GeneratedRegex(
        @"NoWarn|#pragma warning disable|SuppressMessage|dotnet_diagnostic\..*(none|silent)|\bSkip\s*=\s*""|"
        + "TreatWarningsAsErrors|ExcludeFromCodeCoverage")]
    private static partial Regex Suppression();
}
