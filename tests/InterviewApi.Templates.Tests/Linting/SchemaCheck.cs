using System.Text.Json;
using System.Text.Json.Nodes;
using InterviewApi.Templates.Tests.Harness;
using Json.Schema;

namespace InterviewApi.Templates.Tests.Linting;

/// <summary>The configuration of a template against the JSON schemas that it names; their copies say where they are from.</summary>
internal static class SchemaCheck
{
    // The entries of these have names of the author's own.
    private static readonly string[] Maps = ["symbols", "forms", "constraints", "symbolInfo", "tags", "rename"];

    // The engine knows it, and the schema does not.
    private static readonly string[] Unlisted = ["specialCustomOperations", "$schema"];

    private static readonly string Folder = Path.Combine(Suite.ProjectFolder, "Fixtures", "schemas");

    /// <returns>
    /// Everything that the schema refuses, and every name that it does not have: the engine ignores those without a word.
    /// </returns>
    public static IReadOnlyList<string> Check(string file, JsonNode configuration)
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!.AsObject();
        var known = schema.Descendants().Where(entry => entry.Name == "properties").SelectMany(entry => entry.Node.AsObject())
            .Select(property => property.Key).ToHashSet();

        // In the drafts that the schemas name, what stands beside a reference is ignored. One keyword is that of an editor.
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        schema.Remove("id");
        schema.Remove("$id");
        foreach (var (name, node) in schema.Descendants().Where(entry => entry.Name == "deprecationMessage").ToArray())
        {
            node.Parent!.AsObject().Remove(name);
        }

        var result = JsonSchema.FromText(schema.ToJsonString())
            .Evaluate(JsonSerializer.SerializeToElement(configuration), new EvaluationOptions { OutputFormat = OutputFormat.List });
        var refused = result.IsValid ? [] : (result.Details ?? []).Where(detail => detail.Errors is not null)
            .SelectMany(detail => detail.Errors!.Values.Select(error => $"{file}, {detail.InstanceLocation}: {error}"));

        var unknown = Unknown(configuration, known, "", isMap: false).Select(path => $"{file}, {path}: the schema has no such name.");
        return [.. refused, .. unknown];
    }

    private static IEnumerable<string> Unknown(JsonNode? node, HashSet<string> known, string path, bool isMap) => node switch
    {
        JsonObject entries => entries.Where(entry => isMap || !Unlisted.Contains(entry.Key)).SelectMany(
            entry => isMap || known.Contains(entry.Key)
                ? Unknown(entry.Value, known, $"{path}/{entry.Key}", !isMap && Maps.Contains(entry.Key)) : [$"{path}/{entry.Key}"]),
        JsonArray items => items.SelectMany((item, index) => Unknown(item, known, $"{path}/{index}", isMap: false)),
        _ => [],
    };

    private static IEnumerable<(string Name, JsonNode Node)> Descendants(this JsonNode node)
    {
        var children = node switch
        {
            JsonObject entries => entries.Select(entry => (entry.Key, entry.Value)),
            JsonArray items => items.Select(item => ("", item)),
            _ => [],
        };
        return children.Where(child => child.Item2 is not null)
            .SelectMany(child => child.Item2!.Descendants().Prepend((child.Item1, child.Item2!)));
    }
}
