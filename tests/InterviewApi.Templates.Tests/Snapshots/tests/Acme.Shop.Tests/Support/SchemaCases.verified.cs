using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Acme.Shop.Tests.Support;

/// <summary>Values at both sides of each constraint of a schema, each with whether the schema allows it.</summary>
public static class SchemaCases
{
    private static readonly string[] Texts =
    [
        "", " ", "a", "1", "0", "01", "+1", "-1", "1.5", "1.25", "1.255", "1.", ".5", "1,5", "1e3", "a b", "a@b", "@", "a_b", "ä",
        "0.00", "0.01", "999999.99", "1000000", "1000000.00", "1000000.01", "10000000",
    ];

    /// <summary>The whole body with one member changed, and what was changed.</summary>
    public static IEnumerable<(JsonNode Body, bool IsValid, string Case)> OfBody(ApiDocument document, JsonNode schema)
    {
        var example = document.ExampleOf(schema) ?? throw new InvalidOperationException("A required member has no example.");
        foreach (var (change, isValid, text) in OfMembers(document, document.Resolve(schema), []))
        {
            var body = example.DeepClone();
            change(body);
            yield return (body, isValid, text);
        }
    }

    /// <summary>Values of one parameter or member.</summary>
    public static IEnumerable<(JsonNode? Value, bool IsValid)> OfValue(JsonObject schema)
    {
        var types = schema["type"] switch
        {
            null => [],
            JsonArray several => several.Select(type => type!.GetValue<string>()).ToList(),
            var type => [type.GetValue<string>()],
        };
        if (types is [])
        {
            yield break;
        }

        yield return (null, types.Contains("null"));
        if (types.Contains("string"))
        {
            yield return (JsonValue.Create(7), false);
            foreach (var text in TextsOf(schema))
            {
                yield return (JsonValue.Create(text), IsValid(schema, text));
            }
        }
        else if (types.Contains("number") || types.Contains("integer"))
        {
            yield return (JsonValue.Create("text"), false);
            var step = types.Contains("integer") ? 1m : 0.01m;
            if (NumberOf(schema, "minimum") is { } minimum)
            {
                yield return (JsonValue.Create(minimum), true);
                yield return (JsonValue.Create(minimum - step), false);
            }

            if (NumberOf(schema, "maximum") is { } maximum)
            {
                yield return (JsonValue.Create(maximum), true);
                yield return (JsonValue.Create(maximum + step), false);
            }
        }
        else
        {
            yield return (JsonValue.Create("text"), false);
        }
    }

    private static IEnumerable<(Action<JsonNode> Change, bool IsValid, string Case)> OfMembers(
        ApiDocument document, JsonObject schema, string[] path)
    {
        var required = schema["required"]?.AsArray().Select(name => name!.GetValue<string>()).ToList() ?? [];
        foreach (var (name, definition) in schema["properties"]!.AsObject())
        {
            var member = document.Resolve(definition!);
            string[] memberPath = [.. path, name];
            yield return (
                body => ParentOf(body, path).Remove(name), !required.Contains(name), $"{string.Join('.', memberPath)} is missing");
            foreach (var (value, isValid) in OfValue(member))
            {
                yield return (
                    body => ParentOf(body, path)[name] = value?.DeepClone(),
                    isValid,
                    $"{string.Join('.', memberPath)} is {value?.ToJsonString() ?? "null"}");
            }

            if (member["properties"] is not null)
            {
                foreach (var nested in OfMembers(document, member, memberPath))
                {
                    yield return nested;
                }
            }
        }
    }

    private static JsonObject ParentOf(JsonNode body, string[] path) =>
        path.Aggregate(body, (node, name) => node[name]!).AsObject();

    private static IEnumerable<string> TextsOf(JsonObject schema)
    {
        if (schema["enum"] is JsonArray values)
        {
            return [.. values.Select(value => value!.GetValue<string>()), "other"];
        }

        var texts = schema["pattern"] is null ? [] : Texts.ToList();
        if (schema["minLength"]?.GetValue<int>() is { } minimum and > 0)
        {
            texts.AddRange([TextOf(schema, minimum), TextOf(schema, minimum - 1)]);
        }

        if (schema["maxLength"]?.GetValue<int>() is { } maximum)
        {
            texts.AddRange([TextOf(schema, maximum), TextOf(schema, maximum + 1)]);
        }

        return texts.Distinct();
    }

    // Text of a length that the pattern allows, if it is one of these; no word that a list of bad passwords has.
    private static string TextOf(JsonObject schema, int length)
    {
        const string Letters = "Kx7qZ2mVb9";
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append(Letters);
        }

        var plain = text.ToString(0, length);
        var address = length > 2 ? "a@" + plain[2..] : plain;
        return IsMatch(schema, plain) || !IsMatch(schema, address) ? plain : address;
    }

    private static bool IsValid(JsonObject schema, string text) =>
        text.Length >= (schema["minLength"]?.GetValue<int>() ?? 0)
        && text.Length <= (schema["maxLength"]?.GetValue<int>() ?? int.MaxValue)
        && IsMatch(schema, text)
        && (schema["enum"] is not JsonArray values || values.Any(value => value!.GetValue<string>() == text));

    private static bool IsMatch(JsonObject schema, string text) =>
        schema["pattern"] is not { } pattern || Regex.IsMatch(text, pattern.GetValue<string>(), RegexOptions.None, TimeSpan.FromSeconds(1));

    private static decimal? NumberOf(JsonObject schema, string keyword) => schema[keyword]?.GetValue<decimal>();
}
