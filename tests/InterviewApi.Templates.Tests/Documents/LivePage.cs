using System.Text;
using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>
/// The guide as one shell session: its blocks of commands in order, each followed, where the page shows it, by the block
/// with the answer. Blocks whose commands are listed as run elsewhere, or not at all, are left out.
/// </summary>
internal static partial class LivePage
{
    public const string Path = "docs/guide.md";

    /// <summary>The commands and the answer that the page shows, if it shows one.</summary>
    public static IReadOnlyList<(CodeBlock Commands, CodeBlock? Answer)> Steps()
    {
        var blocks = Pages.Get(Path).Blocks;
        var commands = DocumentedCommands.Load();

        return
        [
            .. from block in blocks.Index()
               where block.Item.Language == "sh" && !CommandLines.Of(block.Item).Any(commands.Has)
               let next = blocks.ElementAtOrDefault(block.Index + 1)
               select (block.Item, next is { Language: "http" or "text" } ? next : null),
        ];
    }

    /// <summary>A script that runs all steps in one shell, so that variables live on, and marks where each begins.</summary>
    public static string Script(IEnumerable<CodeBlock> steps)
    {
        var script = new StringBuilder();
        foreach (var step in steps)
        {
            script.Append("printf '\\n@@@ %s\\n' '").Append(step.Place).Append("'\n");
            script.Append(step.Text).Append('\n');
        }

        return script.ToString();
    }

    /// <summary>What each step wrote, by its place.</summary>
    public static Dictionary<string, string> Answers(string output) =>
        Marker().Split(output.ReplaceLineEndings("\n")).Skip(1).Chunk(2).ToDictionary(part => part[0], part => part[1].Trim('\n'));

    [GeneratedRegex(@"^@@@ (.+)\n", RegexOptions.Multiline)]
    private static partial Regex Marker();
}
