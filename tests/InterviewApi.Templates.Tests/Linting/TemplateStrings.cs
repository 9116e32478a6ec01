using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InterviewApi.Templates.Tests.Linting;

/// <summary>
/// The texts of a template in one language, in <c>localize/templatestrings.LANGUAGE.json</c>, with the keys and in the
/// order that the localization tool of the template engine writes.
/// </summary>
internal sealed class TemplateStrings(string folder)
{
    private static readonly JsonSerializerOptions Written =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The texts of template.json.</summary>
    public IReadOnlyDictionary<string, string> Original { get; } = new Dictionary<string, string>(
        Of(JsonNode.Parse(File.ReadAllText(Path.Combine(folder, ".template.config", "template.json")))!.AsObject(), ""));

    public IReadOnlyDictionary<string, string> Read(string language) =>
        File.Exists(FileOf(language)) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(FileOf(language)))! : [];

    /// <summary>Writes every text that template.json has: the translation where there is one, otherwise the original.</summary>
    public void Update(string language)
    {
        var known = language == "en" ? new Dictionary<string, string>() : Read(language);
        var texts = Original.ToDictionary(text => text.Key, text => known.GetValueOrDefault(text.Key, text.Value));
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(language))!);
        File.WriteAllText(FileOf(language), JsonSerializer.Serialize(texts, Written) + "\n");
    }

    /// <summary>What is missing, needless, or not translated. Names may be the same in every language, sentences may not.</summary>
    public IEnumerable<string> Problems(string language)
    {
        var texts = Read(language);
        var name = Path.GetFileName(FileOf(language));
        if (!texts.Keys.SequenceEqual(Original.Keys))
        {
            yield return $"{name}: has not exactly the texts of template.json in their order.";
        }

        foreach (var (key, original) in Original.Where(text => texts.ContainsKey(text.Key)))
        {
            var isSentence = key.EndsWith("description", StringComparison.Ordinal) || key.EndsWith("text", StringComparison.Ordinal);
            if (language == "en" ? texts[key] != original : string.IsNullOrWhiteSpace(texts[key]) || (isSentence && texts[key] == original))
            {
                yield return $"{name}: '{key}' is {(language == "en" ? "not the text of template.json" : "not translated")}: {texts[key]}";
            }
        }
    }

    private string FileOf(string language) => Path.Combine(folder, ".template.config", "localize", $"templatestrings.{language}.json");

    private static IEnumerable<KeyValuePair<string, string>> Of(JsonObject part, string prefix)
    {
        foreach (var (key, value) in part)
        {
            var isText = key is "displayName" or "description" or "text" || (prefix.Length == 0 && key is "author" or "name");
            var texts = (key, value) switch
            {
                (_, JsonValue) when isText => [KeyValuePair.Create(prefix + key, (string)value!)],
                ("symbols", JsonObject symbols) => symbols.SelectMany(symbol => Of(symbol.Value!.AsObject(), $"symbols/{symbol.Key}/")),
                ("choices", JsonArray choices) => Named(choices, "choice", $"{prefix}choices/"),
                ("postActions" or "manualInstructions", JsonArray named) => Named(named, "id", $"{prefix}{key}/"),
                _ => [],
            };

            foreach (var text in texts)
            {
                yield return text;
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Named(JsonArray parts, string name, string prefix) =>
        parts.SelectMany(part => Of(part!.AsObject(), $"{prefix}{part[name]}/"));
}
