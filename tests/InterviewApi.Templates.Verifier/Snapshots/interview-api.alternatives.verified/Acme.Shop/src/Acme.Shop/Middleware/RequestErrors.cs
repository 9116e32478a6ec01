using System.Text.Json;
using System.Text.RegularExpressions;

namespace Acme.Shop.Middleware;

/// <summary>Names what is wrong with a request that could not be bound, without repeating what the caller sent.</summary>
internal static partial class RequestErrors
{
    /// <returns>The errors by field, or null if the status code says it all.</returns>
    public static Dictionary<string, string[]>? Of(BadHttpRequestException exception)
    {
        if (exception.StatusCode != StatusCodes.Status400BadRequest)
        {
            return null;
        }

        if (exception.InnerException is JsonException json)
        {
            return OfJson(json);
        }

        var parameter = ParameterName().Match(exception.Message);
        return parameter.Success
            ? new() { [parameter.Groups["name"].Value] = ["The value is not valid."] }
            : new() { ["$"] = ["The request cannot be read."] };
    }

    // A value of the wrong type has the path of a known field, in parts if converters are nested. A syntax error has
    // a place, and an innermost exception without a path.
    private static Dictionary<string, string[]> OfJson(JsonException json)
    {
        var fields = new List<string>();
        for (var part = json; part is not null; part = part.InnerException as JsonException)
        {
            if (part.Path is null)
            {
                fields.Clear();
                break;
            }

            if (part.Path.Length > 2)
            {
                fields.Add(part.Path[2..]);
            }
        }

        return fields.Count > 0
            ? new() { [string.Join('.', fields)] = ["The value is not valid."] }
            : new() { ["$"] = [$"The body is not valid: line {json.LineNumber + 1}, byte {json.BytePositionInLine}."] };
    }

    // The framework gives the name of a parameter that it cannot bind in this message only.
    [GeneratedRegex("""^(Failed to bind|Required) parameter "[^"]* (?<name>\w+)" """, RegexOptions.CultureInvariant)]
    private static partial Regex ParameterName();
}
