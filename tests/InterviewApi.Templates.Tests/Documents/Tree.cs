using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>A folder drawn as text: an indented line for each, with names on the left and words on the right.</summary>
internal static partial class Tree
{
    public static bool IsOne(CodeBlock block) => block.Language == "text" && block.Lines.First().TrimEnd().EndsWith('/');

    /// <summary>The paths that it shows, without the folder at its top.</summary>
    public static IEnumerable<string> PathsOf(CodeBlock block)
    {
        var folders = new List<string>();
        foreach (var line in block.Lines.Skip(1).Where(line => line.Length > 0))
        {
            var depth = (line.Length - line.TrimStart().Length) / 2;
            var names = Names().Match(line.TrimStart()).Value.Split("  ", StringSplitOptions.RemoveEmptyEntries);
            folders.RemoveRange(Math.Min(folders.Count, depth - 1), Math.Max(0, folders.Count - depth + 1));
            foreach (var name in names)
            {
                yield return string.Concat(folders) + name.Trim('/');
            }

            folders.Add(names[0].TrimEnd('/') + "/");
        }
    }

    // Names are separated by two spaces; the words begin after more, or with the first part that is no name.
    [GeneratedRegex(@"^[\w.+/-]+(  [\w.+-]*[/.][\w.+/-]*)*")]
    private static partial Regex Names();
}
