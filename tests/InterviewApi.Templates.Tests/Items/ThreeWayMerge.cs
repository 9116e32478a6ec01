using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Items;

/// <summary>Merges two versions of a project as <c>git merge</c> does, file by file, with the attributes of the project.</summary>
internal sealed class ThreeWayMerge(string[] unionFiles)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <returns>The merged files, and the paths that have a conflict.</returns>
    public async Task<(SortedDictionary<string, byte[]> Files, IReadOnlyList<string> Conflicts)> MergeAsync(
        IReadOnlyDictionary<string, byte[]> start, IReadOnlyDictionary<string, byte[]> mine, IReadOnlyDictionary<string, byte[]> theirs)
    {
        var (merged, conflicts) = (new SortedDictionary<string, byte[]>(StringComparer.Ordinal), new List<string>());
        foreach (var path in start.Keys.Union(mine.Keys).Union(theirs.Keys))
        {
            var (before, own, generated) = (start.GetValueOrDefault(path), mine.GetValueOrDefault(path), theirs.GetValueOrDefault(path));
            var result = Same(before, own) ? generated : Same(before, generated) || Same(own, generated) ? own : null;
            if (result is null && own is not null && generated is not null)
            {
                (result, var clean) = await MergeAsync(path, before ?? [], own, generated);
                conflicts.AddRange(clean ? [] : [path]);
            }
            else if (result is null && own is not null && !Same(before, own))
            {
                conflicts.Add($"{path} (deleted)");
            }

            if (result is not null)
            {
                merged.Add(path, result);
            }
        }

        return (merged, conflicts);
    }

    private async Task<(byte[] Content, bool IsClean)> MergeAsync(string path, byte[] before, byte[] own, byte[] generated)
    {
        var folder = new TemporaryFolder($"merge-{Guid.NewGuid():N}").Path;
        foreach (var (name, content) in ((string, byte[])[])[("mine", own), ("start", before), ("theirs", generated)])
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, name), content);
        }

        string[] union = unionFiles.Contains(path) ? ["--union"] : [];
        var result = await Cli.RunAsync("git", folder, Patience, ["merge-file", "--quiet", .. union, "mine", "start", "theirs"]);
        var merged = await File.ReadAllBytesAsync(Path.Combine(folder, "mine"));
        Directory.Delete(folder, recursive: true);

        return (merged, result.ExitCode == 0);
    }

    private static bool Same(byte[]? one, byte[]? other) =>
        one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);
}
