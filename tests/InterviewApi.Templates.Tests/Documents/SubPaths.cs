namespace InterviewApi.Templates.Tests.Documents;

/// <summary>Every file and folder of a tree, by any part of its path: <c>a/b/c</c> has <c>b/c</c>, <c>a/b</c> and <c>b</c>.</summary>
internal sealed class SubPaths
{
    private readonly HashSet<string> _parts = [];

    public SubPaths(IEnumerable<string> files)
    {
        foreach (var parts in files.Select(file => file.Split('/')))
        {
            for (var first = 0; first < parts.Length; first++)
            {
                for (var end = first + 1; end <= parts.Length; end++)
                {
                    _parts.Add(string.Join('/', parts[first..end]));
                }
            }
        }
    }

    public bool Has(string path) => _parts.Contains(path.Trim('/'));
}
