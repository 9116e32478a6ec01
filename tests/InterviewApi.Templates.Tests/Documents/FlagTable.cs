using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>The flags of the commands that pages show, compared with what the template declares.</summary>
internal static class FlagTable
{
    /// <summary>What is wrong with the flags of a command line.</summary>
    public static IEnumerable<string> Wrong(TemplateDefinition template, string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var (i, word) in words.Index()
            .Where(word => word.Item.StartsWith("--", StringComparison.Ordinal) && word.Item is not ("--name" or "--output" or "--help")))
        {
            var option = template.Options.FirstOrDefault(option => "--" + option.Flag == word);
            if (option is null || i + 1 >= words.Length || !option.Values.Contains(words[i + 1]))
            {
                yield return $"'{command}': '{word}' with this value is no flag of the template.";
            }
        }
    }
}
