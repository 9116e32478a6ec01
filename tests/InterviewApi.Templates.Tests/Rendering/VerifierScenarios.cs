using System.Text;
using System.Text.Json;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>
/// The scenarios that the official verifier is given, and the folders that it compares with, in its own layout:
/// <c>Snapshots/SHORTNAME.SCENARIO.verified/PROJECT/…</c>.
/// </summary>
internal sealed class VerifierScenarios(string projectFolder)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private string ListFile => Path.Combine(projectFolder, "scenarios.json");

    private string SnapshotsFolder => Path.Combine(projectFolder, "Snapshots");

    /// <summary>Everything at its default, everything off, and the last choice of every option.</summary>
    public static IReadOnlyDictionary<string, Combination> Of(OptionSpace space) => new Dictionary<string, Combination>
    {
        ["defaults"] = space[0],
        ["minimal"] = Choose(space, option => option.Off ?? option.Values[0]),
        ["alternatives"] = Choose(space, option => option.Values.Last(value => value != option.Off)),
    };

    public void Approve(RenderingTable table, string shortName)
    {
        var wanted = Wanted(table, shortName);
        if (Directory.Exists(SnapshotsFolder))
        {
            foreach (var stale in Present().Where(path => !wanted.ContainsKey(path)))
            {
                File.Delete(Path.Combine(projectFolder, stale));
            }
        }

        foreach (var (path, content) in wanted)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(projectFolder, path))!);
            File.WriteAllBytes(Path.Combine(projectFolder, path), content);
        }
    }

    /// <summary>The files that are missing, needless or different.</summary>
    public IReadOnlyList<string> Differences(RenderingTable table, string shortName)
    {
        var wanted = Wanted(table, shortName);

        return [.. wanted.Keys.Union(Present()).Order(StringComparer.Ordinal).Where(path =>
            !wanted.TryGetValue(path, out var content)
            || !File.Exists(Path.Combine(projectFolder, path))
            || !File.ReadAllBytes(Path.Combine(projectFolder, path)).AsSpan().SequenceEqual(content))];
    }

    private Dictionary<string, byte[]> Wanted(RenderingTable table, string shortName)
    {
        var scenarios = Of(table.Space);
        var list = JsonSerializer.Serialize(scenarios.ToDictionary(scenario => scenario.Key, scenario => scenario.Value.ToArguments()), Indented) + "\n";
        var wanted = new Dictionary<string, byte[]> { [Path.GetFileName(ListFile)] = Encoding.UTF8.GetBytes(list) };
        foreach (var (name, combination) in scenarios)
        {
            foreach (var (path, content) in table.Project(combination.Number))
            {
                wanted.Add($"Snapshots/{shortName}.{name}.verified/{EveryCombination.ProjectName}/{path}", content);
            }
        }

        return wanted;
    }

    private IEnumerable<string> Present() => !Directory.Exists(SnapshotsFolder) ? [] :
        Directory.EnumerateFiles(SnapshotsFolder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => Path.GetRelativePath(projectFolder, path).Replace('\\', '/'));

    private static Combination Choose(OptionSpace space, Func<TemplateOption, string> choose) =>
        space.Of([.. space.Options.Select(option => option.Values.ToList().IndexOf(choose(option)))]);
}
