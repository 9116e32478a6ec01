using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>Compares an answer with what a page shows of it. In the page, … stands for what differs each time.</summary>
internal static class Answer
{
    private const string Any = "…";

    public static bool IsAsShown(CodeBlock shown, string actual) =>
        shown.Language == "http" ? IsResponse(shown.Text, actual) : IsText(shown.Text.Trim(), actual.Trim());

    // The status line, then each header that the page shows, then the body if it shows one.
    private static bool IsResponse(string shown, string actual)
    {
        var (shownHead, shownBody) = Split(shown.Trim());
        var (head, body) = Split(actual.Trim());

        return IsText(shownHead[0], head[0])
            && shownHead.Skip(1).All(header => head.Skip(1).Any(other => IsText(header, other)))
            && (shownBody.Length == 0 || IsBody(shownBody, body));
    }

    private static (string[] Head, string Body) Split(string response) =>
        response.Split("\n\n", 2) is [var head, var body] ? (head.Split('\n'), body.Trim()) : (response.Split('\n'), "");

    private static bool IsBody(string shown, string actual) =>
        Parse(shown) is { } json ? Parse(actual) is { } other && IsJson(json, other) : IsText(shown, actual);

    private static bool IsJson(JsonNode? shown, JsonNode? actual) => shown switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == Any => actual is not null,
        JsonObject members => actual is JsonObject other && members.Count == other.Count
            && members.All(member => other.ContainsKey(member.Key) && IsJson(member.Value, other[member.Key])),
        JsonArray items =>
            actual is JsonArray other && items.Count == other.Count && items.Zip(other).All(pair => IsJson(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(shown, actual),
    };

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsText(string shown, string actual) =>
        Regex.IsMatch(actual, "^" + Regex.Escape(shown).Replace(Any, ".+", StringComparison.Ordinal) + "$", RegexOptions.Singleline);
}
