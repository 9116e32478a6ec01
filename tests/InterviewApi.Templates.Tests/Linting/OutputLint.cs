using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Linting;

/// <summary>What must hold for every file that any combination yields: it reads as if a person had written it.</summary>
internal static partial class OutputLint
{
    private const int MostLinesOfCode = 250;

    public static IReadOnlyList<string> Check(TemplateDefinition template, RenderingTable table)
    {
        var tokens = template.Symbols.SelectMany(
            symbol => new[] { (string?)symbol.Value!["replaces"], (string?)symbol.Value["fileRename"] })
            .OfType<string>().Distinct().ToArray();

        return
        [
            .. from file in table.Files
               from rendering in Enumerable.Range(0, file.Value.Contents.Count)
               let problems = Problems(file.Key, file.Value.Contents[rendering], tokens).ToArray()
               where problems.Length > 0
               let condition = table.Describe(number => file.Value.RenderingOf[number] == rendering)
               from problem in problems
               select $"{file.Key}{problem} ({condition})",
        ];
    }

    private static IEnumerable<string> Problems(string path, byte[] content, string[] tokens)
    {
        foreach (var token in tokens.Where(token => path.Contains(token, StringComparison.Ordinal)))
        {
            yield return $": its path holds the template's own name '{token}'";
        }

        if (content.AsSpan().StartsWith("\uFEFF"u8))
        {
            yield return ": begins with a byte order mark";
        }

        if (content is not [.., (byte)'\n'])
        {
            yield return ": does not end with a newline";
        }

        if (content.Contains((byte)'\r'))
        {
            yield return ": has a carriage return";
        }

        var text = Encoding.UTF8.GetString(content);
        var lines = text.Split('\n');
        foreach (var (line, number) in lines.Select((line, index) => (line, index + 1)))
        {
            foreach (var problem in LineProblems(line, tokens))
            {
                yield return $":{number}: {problem}: {line.Trim()}";
            }

            if (line.Length == 0
                && (number == 1 || (number < lines.Length && lines[number - 2].Length == 0) || (number == lines.Length - 1)))
            {
                yield return $":{number}: a blank line too many";
            }
        }

        // EF writes migrations, and a table has as many lines as it has columns.
        var isCode = path.EndsWith(".cs", StringComparison.Ordinal) && !path.Contains("/Migrations/", StringComparison.Ordinal);
        if (isCode && lines.Length > MostLinesOfCode + 1)
        {
            yield return $": {lines.Length - 1} lines, and {MostLinesOfCode} is the most";
        }

        if (WellFormedness(path, text) is { } error)
        {
            yield return $": {error}";
        }
    }

    private static IEnumerable<string> LineProblems(string line, string[] tokens)
    {
        if (line.TrimEnd() != line && line.TrimEnd('\r') == line)
        {
            yield return "white space at its end";
        }

        if (Directive.In([line]).Any() || Marker().IsMatch(line))
        {
            yield return "a directive of the template";
        }

        // A project may say which command makes it again, of which package.
        var withoutCommand = line
            .Replace("dotnet new interview-api", "", StringComparison.Ordinal)
            .Replace("dotnet new install InterviewApi.Templates", "", StringComparison.Ordinal);
        foreach (var token in tokens.Where(token => withoutCommand.Contains(token, StringComparison.Ordinal)))
        {
            yield return $"the template's own name '{token}'";
        }
    }

    /// <summary>What is wrong with a file that a parser reads; null where nothing is, or where there is no parser for it.</summary>
    public static string? WellFormedness(string path, string text)
    {
        try
        {
            switch (Path.GetExtension(path))
            {
                case ".json":
                    using (JsonDocument.Parse(text))
                    {
                        return null;
                    }

                case ".csproj" or ".props" or ".targets" or ".slnx":
                    XDocument.Parse(text);
                    return null;
                default:
                    return null;
            }
        }
        catch (Exception error) when (error is JsonException or XmlException)
        {
            return error.Message;
        }
    }

    [GeneratedRegex(@"[:/-]cnd:noEmit|:noEmit\b")]
    private static partial Regex Marker();
}
