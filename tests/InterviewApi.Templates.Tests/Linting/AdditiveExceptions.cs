using Microsoft.Extensions.FileSystemGlobbing;

namespace InterviewApi.Templates.Tests.Linting;

/// <summary>
/// The written-down places where an option replaces something, or where a word of its belongs to others too. One line each:
/// <c>flag | file pattern | part of the line, or * | reason</c>. Lines are matched after trimming.
/// </summary>
internal sealed class AdditiveExceptions
{
    private readonly List<(string Flag, Matcher Files, string Text, string Line)> _entries = [];
    private readonly HashSet<string> _used = [];

    private AdditiveExceptions(IEnumerable<string> lines)
    {
        foreach (var line in lines.Where(line => line.Length > 0 && !line.StartsWith('#')))
        {
            if (line.Split(" | ") is not [var flag, var pattern, var text, { Length: > 10 }])
            {
                throw new FormatException($"'{line}' is not 'flag | file pattern | part of the line | reason'.");
            }

            _entries.Add((flag.Trim(), new Matcher(StringComparison.Ordinal).AddInclude(pattern.Trim()), text.Trim(), line));
        }
    }

    public static AdditiveExceptions None => new([]);

    /// <summary>Entries that nothing needed since the file was read.</summary>
    public IEnumerable<string> Unused => _entries.Select(entry => entry.Line).Where(line => !_used.Contains(line));

    public static AdditiveExceptions Read(string path) => new(File.Exists(path) ? File.ReadLines(path) : []);

    public bool Allow(string flag, string path, string line)
    {
        var allowed = _entries.Where(entry => entry.Flag == flag
            && (entry.Text == "*" || line.Contains(entry.Text, StringComparison.Ordinal))
            && entry.Files.Match(path).HasMatches).Select(entry => entry.Line).ToList();
        _used.UnionWith(allowed);

        return allowed.Count > 0;
    }
}
