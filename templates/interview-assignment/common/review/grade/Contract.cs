using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

/// <summary>
/// Compares the OpenAPI document that an application serves with contract.yaml: operations, parameters of queries, and
/// documented responses. It reads the kit's own file, so it needs no parser for all of YAML.
/// </summary>
public static partial class Contract
{
    /// <param name="served">The document of each version.</param>
    /// <returns>What the contract has and the documents have not.</returns>
    public static IReadOnlyList<string> Compare(string[] contract, string[] served)
    {
        var paths = served.SelectMany(PathsOf).ToArray();
        if (paths.Length == 0)
        {
            return ["Neither /openapi/v1.json nor /openapi/v2.json has a path."];
        }

        var operations = paths
            .SelectMany(path => path.Value!.AsObject(), (path, operation) => (Key: KeyOf(operation.Key, path.Key), operation.Value))
            .ToLookup(operation => operation.Key, operation => operation.Value as JsonObject);
        var differences = new List<string>();
        var (address, key, known) = ("", "", true);
        foreach (var line in contract.TakeWhile(line => line != "components:"))
        {
            if (PathLine().Match(line) is { Success: true } path)
            {
                address = path.Groups[1].Value;
            }
            else if (MethodLine().Match(line) is { Success: true } method)
            {
                key = KeyOf(method.Groups[1].Value, address);
                known = operations.Contains(key);
                if (!known)
                {
                    differences.Add($"{method.Groups[1].Value.ToUpperInvariant()} {address} is not there.");
                }
            }
            else if (known && StatusLine().Match(line) is { Success: true } status
                && operations[key].First()?["responses"]?[status.Groups[1].Value] is null)
            {
                differences.Add($"{key}: the response {status.Groups[1].Value} is not documented.");
            }
            else if (known && QueryLine().Match(line) is { Success: true } query
                && !(operations[key].First()?["parameters"] as JsonArray ?? [])
                    .Any(parameter => parameter?["name"]?.ToString() == query.Groups[1].Value))
            {
                differences.Add($"{key}: the parameter {query.Groups[1].Value} is not documented.");
            }
        }

        return differences;
    }

    private static JsonObject PathsOf(string document)
    {
        try
        {
            return JsonNode.Parse(document)?["paths"]?.AsObject() ?? [];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static string KeyOf(string method, string path) => $"{method} {Placeholder().Replace(path.TrimEnd('/'), "{}")}";

    [GeneratedRegex(@"^  (/\S*):$")]
    private static partial Regex PathLine();

    [GeneratedRegex("^    (get|post|put|patch|delete):$")]
    private static partial Regex MethodLine();

    [GeneratedRegex(@"^        ""(\d{3})"":")]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"^        - \{ name: (\w+), in: query")]
    private static partial Regex QueryLine();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Placeholder();
}
