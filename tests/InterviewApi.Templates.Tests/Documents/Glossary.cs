using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>A list of texts that pages may have, one a line, under headings that give the reason.</summary>
internal sealed class Glossary
{
    private readonly Dictionary<string, Regex> _entries;
    private readonly HashSet<string> _used = [];

    private Glossary(IEnumerable<string> lines) =>
        _entries = lines.Where(line => line.Length > 0 && !line.StartsWith("## ", StringComparison.Ordinal))
            .ToDictionary(
                line => line,
                line =>
                    new Regex(
                        "^" + (
                            line.Length == 1 ? Regex.Escape(line)
                            : Regex.Escape(line).Replace("…", ".+", StringComparison.Ordinal)) + "$"));

    /// <value>Lines that no page needs any more.</value>
    public IEnumerable<string> Unused => _entries.Keys.Where(entry => !_used.Contains(entry));

    public static Glossary Of(IEnumerable<string> lines) => new(lines);

    /// <summary>Whether it has this text. In an entry, … stands for any characters.</summary>
    public bool Contains(string name)
    {
        var entry = _entries.FirstOrDefault(entry => entry.Value.IsMatch(name)).Key;
        return entry is not null && (_used.Add(entry) || true);
    }
}
