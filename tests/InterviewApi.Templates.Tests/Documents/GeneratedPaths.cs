using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>Which combinations have a file or folder that ends in a path.</summary>
internal sealed class GeneratedPaths(RenderingTable table)
{
    private readonly Dictionary<string, bool[]> _combinations = [];

    public bool Exists(string path, int combination)
    {
        if (!_combinations.TryGetValue(path, out var has))
        {
            _combinations.Add(path, has = Find(path));
        }

        return has[combination];
    }

    private bool[] Find(string path)
    {
        var part = "/" + path.Trim('/') + "/";
        var files = table.Files.Where(file => $"/{file.Key}/".Contains(part, StringComparison.Ordinal))
            .Select(file => file.Value.RenderingOf).ToArray();

        return [.. Enumerable.Range(0, table.Space.Count).Select(number => files.Any(file => file[number] != RenderedFile.Absent))];
    }
}
