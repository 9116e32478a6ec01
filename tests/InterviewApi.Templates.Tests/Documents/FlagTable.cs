using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>The flags as a page shows them, to be compared with what the template declares.</summary>
internal static partial class FlagTable
{
    /// <summary>The first two cells of each row: <c>| `--flag` | `default`, `other` |</c>.</summary>
    public static IReadOnlyList<string> Of(Page page) => [.. Row().Matches(page.Text).Select(match => match.Groups["row"].Value)];

    public static IReadOnlyList<string> Of(TemplateDefinition template) =>
        [.. template.Parameters().Select(parameter => Row(template, parameter.Key))];

    /// <summary>What is wrong with the flags of a command line.</summary>
    public static IEnumerable<string> Wrong(TemplateDefinition template, string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var (i, word) in words.Index().Where(word => word.Item.StartsWith("--", StringComparison.Ordinal) && word.Item is not ("--name" or "--output" or "--help")))
        {
            var option = template.Options.FirstOrDefault(option => "--" + option.Flag == word);
            if (option is null || i + 1 >= words.Length || !option.Values.Contains(words[i + 1]))
            {
                yield return $"'{command}': '{word}' with this value is no flag of the template.";
            }
        }
    }

    private static string Row(TemplateDefinition template, string symbol)
    {
        var option = template.Options.FirstOrDefault(option => option.Symbol == symbol);
        var values = option is null ? "off" : string.Join(", ", option.Values.Select(value => $"`{value}`"));

        return $"| `--{template.Flag(symbol)}` | {values} |";
    }

    [GeneratedRegex(@"^(?<row>\| `--[a-z-]+` \| [^|]+ \|)", RegexOptions.Multiline)]
    private static partial Regex Row();
}
