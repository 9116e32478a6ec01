using System.Text;
using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>A Markdown page, taken apart into what can be checked.</summary>
internal sealed partial class Page
{
    private Page(string path, string text)
    {
        Path = path;
        Text = text;
        var prose = new StringBuilder();
        Blocks = [.. ReadBlocks(path, text, prose)];
        Prose = Comment().Replace(prose.ToString(), "");
        var withoutCode = InlineCode().Replace(Prose, "");
        Links = [.. Link().Matches(withoutCode).Select(match => match.Groups["target"].Value)];
        Names = [.. InlineCode().Matches(Prose).Select(match => match.Groups["code"].Value.Trim()).Distinct()];
        Anchors = ReadAnchors(Prose);
    }

    /// <value>Relative to the repository or the generated project, with '/'.</value>
    public string Path { get; }

    public string Text { get; }

    /// <value>The text without fenced blocks and comments.</value>
    public string Prose { get; }

    public IReadOnlyList<CodeBlock> Blocks { get; }

    /// <value>The targets of links and images, as they are written.</value>
    public IReadOnlyList<string> Links { get; }

    /// <value>What stands in inline code, each once.</value>
    public IReadOnlyList<string> Names { get; }

    /// <value>The anchors of its headings, as the hosting site makes them.</value>
    public IReadOnlySet<string> Anchors { get; }

    public static Page Parse(string path, string text) => new(path, text.ReplaceLineEndings("\n"));

    private static IEnumerable<CodeBlock> ReadBlocks(string path, string text, StringBuilder prose)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (Fence().Match(lines[i]) is not { Success: true } fence)
            {
                prose.Append(lines[i]).Append('\n');
                continue;
            }

            var (begin, indentation) = (i + 1, fence.Groups["indentation"].Length);
            while (++i < lines.Length && lines[i].Trim() != "```")
            {
            }

            var body = lines[begin..Math.Min(i, lines.Length)].Select(line => line.Length >= indentation ? line[indentation..] : line);
            yield return new CodeBlock($"{path}:{begin}", fence.Groups["language"].Value, string.Join('\n', body));
        }
    }

    private static HashSet<string> ReadAnchors(string prose)
    {
        var anchors = new HashSet<string>();
        foreach (Match heading in Heading().Matches(prose))
        {
            var slug = NotInAnchor().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-');
            for (var (anchor, copy) = (slug, 0); !anchors.Add(anchor); anchor = $"{slug}-{++copy}")
            {
            }
        }

        return anchors;
    }

    [GeneratedRegex(@"^(?<indentation>\s*)```(?<language>\S*)")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#{1,6} (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}_ -]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"(?<ticks>`+)(?<code>.+?)\k<ticks>")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\((?<target>[^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
