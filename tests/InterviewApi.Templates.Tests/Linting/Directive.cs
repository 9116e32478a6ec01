using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Linting;

/// <summary>A line of template content that the engine acts upon, in any of its comment styles.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Keyword"><c>if</c>, <c>elseif</c>, <c>else</c> or <c>endif</c>.</param>
/// <param name="Condition">What follows <c>if</c> and <c>elseif</c>; otherwise null.</param>
internal sealed partial record Directive(int Line, string Keyword, string? Condition)
{
    public static IEnumerable<Directive> In(IEnumerable<string> lines) =>
        from line in lines.Select((text, index) => (Number: index + 1, Match: Pattern().Match(text)))
        where line.Match.Success
        let keyword = line.Match.Groups["keyword"].Value
        select new Directive(
            line.Number, keyword,
            keyword.EndsWith("if", StringComparison.Ordinal) && keyword != "endif" ? line.Match.Groups["condition"].Value.Trim() : null);

    [GeneratedRegex(@"^\s*(?://|<!--|@\*|/\*)?\s*#{1,2}(?<keyword>if|elseif|else|endif)\b(?<condition>.*?)(?:-->)?\s*$")]
    private static partial Regex Pattern();
}
