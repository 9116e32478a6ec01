using System.Text;

namespace InterviewApi.Templates.Tests.Items;

/// <summary>Merges projects, and collects what a merge must not do: stop outside a list of reasons, lose a line, bring one back.</summary>
internal sealed class MergeReport(string exceptionsFile)
{
    private readonly ThreeWayMerge _merge = new(
        ["src/Acme.Shop/Api/V1/ApiV1.cs", "src/Acme.Shop/Api/V2/ApiV2.cs", "src/Acme.Shop/Program.cs"]);

    private readonly string[][] _exceptions =
    [
        .. File.ReadLines(exceptionsFile).Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)),
    ];

    private readonly HashSet<string[]> _used = [];
    private readonly List<string> _problems = [];

    public int Merges { get; private set; }

    /// <param name="flag">What changes, as the list of reasons names it.</param>
    /// <param name="change">From which value to which other one.</param>
    /// <param name="start">What was generated.</param>
    /// <param name="mine">What its user made of it.</param>
    /// <param name="theirs">What is generated now.</param>
    /// <returns>The merged files.</returns>
    public async Task<SortedDictionary<string, byte[]>> MergeAsync(
        string flag,
        string change,
        IReadOnlyDictionary<string, byte[]> start,
        IReadOnlyDictionary<string, byte[]> mine,
        IReadOnlyDictionary<string, byte[]> theirs)
    {
        var (merged, conflicts) = await _merge.MergeAsync(start, mine, theirs);
        Merges++;
        foreach (var path in conflicts)
        {
            var reason = _exceptions.FirstOrDefault(exception => exception[0] == flag && exception[1] == path);
            _problems.AddRange(reason is null ? [$"--{flag} {change}: {path} has a conflict."] : []);
            _used.UnionWith(reason is null ? [] : [reason]);
        }

        foreach (var (path, content) in merged.Where(file => !conflicts.Contains(file.Key) && theirs.ContainsKey(file.Key)))
        {
            _problems.AddRange(
                WrongLines(Lines(start.GetValueOrDefault(path)), Lines(mine.GetValueOrDefault(path)), Lines(theirs[path]), Lines(content))
                    .Select(line => $"--{flag} {change}: {path} has {line}"));
        }

        return merged;
    }

    /// <summary>What went wrong, and the reasons that nothing needs.</summary>
    public IReadOnlyCollection<string> Problems() =>
    [
        .. _problems,
        .. _exceptions.Except(_used)
            .Select(exception => $"{Path.GetFileName(exceptionsFile)}: {exception[0]} | {exception[1]} is not needed."),
    ];

    // What one side removed is gone, and what one side added is there once.
    private static IEnumerable<string> WrongLines(string[] start, string[] mine, string[] theirs, string[] merged)
    {
        var difference = merged.CountBy(line => line).ToDictionary();
        foreach (var (line, change) in mine.Concat(theirs).Select(line => (line, -1)).Concat(start.Select(line => (line, 1))))
        {
            difference[line] = difference.GetValueOrDefault(line) + change;
        }

        return difference.Where(line => line.Value != 0 && line.Key.Trim().Length > 0)
            .Select(line => $"'{line.Key.Trim()}' {Math.Abs(line.Value)} times too {(line.Value > 0 ? "often" : "seldom")}.");
    }

    private static string[] Lines(byte[]? content) => Encoding.UTF8.GetString(content ?? []).Split('\n');
}
