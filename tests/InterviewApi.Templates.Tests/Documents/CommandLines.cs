using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>The commands of a page's shell blocks and recordings: continued lines are one, comments are none.</summary>
internal static partial class CommandLines
{
    public static IEnumerable<string> Of(Page page) => page.Blocks.SelectMany(block => block.Language switch
    {
        "sh" => Of(block),
        Recording.Language => Recording.Of(block).Select(step => step.Command),
        _ => [],
    });

    public static IEnumerable<string> Of(CodeBlock block) =>
        from line in Continuation().Replace(block.Text, " ").Split('\n')
        let command = Comment().Replace(line, "").Trim()
        where command.Length > 0
        select command;

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continuation();

    [GeneratedRegex(@"(^|\s+)#\s.*$")]
    private static partial Regex Comment();
}
