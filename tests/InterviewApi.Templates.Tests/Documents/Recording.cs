namespace InterviewApi.Templates.Tests.Documents;

/// <summary>A terminal as a page shows it: <c>$</c> before each command, and below it what it writes.</summary>
internal static class Recording
{
    public const string Language = "console";
    private const string Prompt = "$ ";

    /// <summary>Each command with the lines that follow it, as a block of its own.</summary>
    public static IReadOnlyList<(string Command, CodeBlock Output)> Of(CodeBlock block)
    {
        var steps = new List<(string Command, List<string> Lines)>();
        foreach (var line in block.Lines)
        {
            if (line.StartsWith(Prompt, StringComparison.Ordinal))
            {
                steps.Add((line[Prompt.Length..], []));
            }
            else
            {
                steps[^1].Lines.Add(line);
            }
        }

        return [.. steps.Select(step => (step.Command, Output(block, step.Lines)))];
    }

    /// <summary>The first line that is shown and not written, or null. Lines in between may be left out.</summary>
    public static string? FindFalseLine(CodeBlock shown, string actual)
    {
        var lines = actual.Split('\n').Select(line => line.TrimEnd()).ToList();
        foreach (var line in shown.Lines.Where(line => line.Length > 0))
        {
            var at = lines.FindIndex(other => Answer.IsAsShown(new CodeBlock(shown.Place, "text", line), other));
            if (at < 0)
            {
                return line;
            }

            lines.RemoveRange(0, at + 1);
        }

        return null;
    }

    private static CodeBlock Output(CodeBlock block, List<string> lines) =>
        new(
            block.Place, lines.FirstOrDefault()?.StartsWith("HTTP/", StringComparison.Ordinal) == true ? "http" : "text",
            string.Join('\n', lines).Trim('\n'));
}
