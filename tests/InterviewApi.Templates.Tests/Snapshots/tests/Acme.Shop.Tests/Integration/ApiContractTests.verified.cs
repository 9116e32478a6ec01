using System.Text.Json.Nodes;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

/// <summary>
/// The OpenAPI documents are written to <c>TestResults/openapi</c>. Once a copy of a document is in <c>docs/openapi</c>, what
/// it promises may not change.
/// </summary>
public sealed class ApiContractTests
{
    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task The_document_keeps_what_was_published(string version)
    {
        await using var api = await new ApiFactory().With("Docs:Enabled", "true").StartAsync();
        var root = FindRoot();

        var text = await api.CreateClient().GetStringAsync($"/openapi/{version}.json");

        var results = Directory.CreateDirectory(Path.Combine(root, "TestResults", "openapi"));
        await File.WriteAllTextAsync(Path.Combine(results.FullName, $"{version}.json"), text);
        var current = JsonNode.Parse(text)!;
        Assert.NotNull(current["paths"]);
        var published = Path.Combine(root, "docs", "openapi", $"{version}.json");
        if (File.Exists(published))
        {
            var changes = Changes(JsonNode.Parse(await File.ReadAllTextAsync(published))!, current);
            Assert.True(changes.Length == 0, string.Join('\n', changes));
        }
    }

    [Fact]
    public void What_is_gone_or_different_is_a_change_and_an_addition_or_another_description_is_none()
    {
        var published = JsonNode.Parse(
            """
            {"paths":{"/a":{"get":{"summary":"A","parameters":[{"name":"q"}]}},"/b":{"get":{}}},
             "components":{"schemas":{"One":{"required":["id"],"properties":{"id":{"type":"integer"}}}}}}
            """)!;
        var current = JsonNode.Parse(
            """
            {"paths":{"/a":{"get":{"summary":"B","parameters":[{"name":"q"}]},"post":{}},"/c":{"get":{}}},
             "components":{"schemas":{"One":{"required":["id","name"],"properties":{"id":{"type":"integer"},"name":{}}}}}}
            """)!;

        Assert.Equal(["paths /b is gone", "components schemas One required has changed"], Changes(published, current));
        Assert.Equal([], Changes(published, published));
    }

    private static string[] Changes(JsonNode published, JsonNode current) =>
        [.. from part in (string[])["paths", "components"] from change in Changes(part, published[part], current[part]) select change];

    private static IEnumerable<string> Changes(string place, JsonNode? published, JsonNode? current) => (published, current) switch
    {
        (not null, null) => [$"{place} is gone"],
        (JsonObject before, JsonObject after) =>
            from member in before
            where member is not { Key: "summary" or "description", Value: JsonValue }
            from change in Changes($"{place} {member.Key}", member.Value, after[member.Key])
            select change,
        (JsonArray before, JsonArray after) when before.Count == after.Count =>
            before.Zip(after).SelectMany((pair, index) => Changes($"{place} {index}", pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(published, current) ? [] : [$"{place} has changed"],
    };

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of their repository.");
        }

        return folder.FullName;
    }
}
