using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Linting;

/// <summary>The words that belong to one value of an option: its own, and the types whose files come only with it.</summary>
internal sealed partial class Vocabulary
{
    // These mean an option only beside its name, as in MemoryCache.
    private static readonly string[] EverydayWords = ["memory", "full", "basic"];

    // The format of tokens, whoever issues them: this belongs to the option rather than to its value.
    private static readonly string[] SharedWords = ["jwt"];

    private readonly HashSet<string> _words;
    private readonly HashSet<string> _types;

    private Vocabulary(IEnumerable<string> words, IEnumerable<string> types)
    {
        _words = [.. words.Select(word => word.Replace("-", "", StringComparison.Ordinal))];
        _types = [.. types];
    }

    public static Vocabulary Of(RenderingTable table, int option, int value)
    {
        var subject = table.Space.Options[option];
        var types = from file in table.Files
                    where file.Key.EndsWith(".cs", StringComparison.Ordinal)
                    where Enumerable.Range(0, table.Space.Count).All(
                        number => table.Space.ValueIndex(number, option) == value || file.Value.RenderingOf[number] == RenderedFile.Absent)
                    let name = Path.GetFileNameWithoutExtension(file.Key)
                    where !table.Files.Any(other => other.Key != file.Key && Path.GetFileNameWithoutExtension(other.Key) == name)
                    select name;

        return new Vocabulary(WordsOf(subject, value), types);
    }

    /// <param name="lines">The lines that may mention a word.</param>
    /// <param name="isOff">Whether the option is off, rather than at another value, which may share words.</param>
    public IEnumerable<(string Line, string Word)> Mentions(IEnumerable<string> lines, bool isOff)
    {
        foreach (var line in lines)
        {
            if (Identifier().Matches(line).Select(match => match.Value).FirstOrDefault(_types.Contains) is { } type)
            {
                yield return (line, type);
            }
            else if (Runs(line).FirstOrDefault(part => _words.Contains(part) && (isOff || !SharedWords.Contains(part))) is { } word)
            {
                yield return (line, word);
            }
        }
    }

    private static string[] WordsOf(TemplateOption option, int value) => option switch
    {
        { IsBoolean: true } => [option.Flag],
        _ when EverydayWords.Contains(option.Values[value]) => [option.Values[value] + option.Flag, option.Flag + option.Values[value]],
        _ => [option.Values[value]],
    };

    // "AddRateLimiting" holds add, addrate, rate, ratelimiting, limiting: words of one to three parts, whatever their style.
    private static IEnumerable<string> Runs(string line)
    {
        var parts = Part().Matches(line).Select(match => match.Value.ToLowerInvariant()).ToArray();
        for (var start = 0; start < parts.Length; start++)
        {
            for (var length = 1; length <= 3 && start + length <= parts.Length; length++)
            {
                yield return string.Concat(parts[start..(start + length)]);
            }
        }
    }

    // A member, as in context.User, is no type.
    [GeneratedRegex(@"(?<![.\w])[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Identifier();

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Part();
}
