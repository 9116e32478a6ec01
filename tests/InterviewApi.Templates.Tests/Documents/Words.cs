namespace InterviewApi.Templates.Tests.Documents;

/// <summary>Finds words in text.</summary>
internal static class Words
{
    /// <summary>Whether these characters stand in the text, not as part of a longer word.</summary>
    public static bool Has(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            if ((at == 0 || !IsWord(text[at - 1]) || !IsWord(word[0])) && (end == text.Length || !IsWord(text[end]) || !IsWord(word[^1])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character == '_';
}
