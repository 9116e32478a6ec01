namespace InterviewApi.Templates.Tests.Documents;

/// <summary>A fenced block of a page.</summary>
/// <param name="Place">The page and the line of the fence.</param>
/// <param name="Language">The word after the fence; empty without one.</param>
/// <param name="Text">The lines within, without the indentation of the fence.</param>
internal sealed record CodeBlock(string Place, string Language, string Text)
{
    public IEnumerable<string> Lines => Text.Split('\n');
}
