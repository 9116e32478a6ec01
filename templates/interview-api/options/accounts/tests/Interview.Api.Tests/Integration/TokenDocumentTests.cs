using System.Text.Json;
using InterviewApi.Tests.Support;

namespace InterviewApi.Tests.Integration;

/// <summary>What the documents say about tokens.</summary>
public sealed class TokenDocumentTests
{
    private static readonly string[] OpenToAll = ["register", "issueToken", "requestPasswordReset", "resetPassword"];
    private static readonly string[] Reads = ["get", "head", "options"];

    [Theory]
    [InlineData("", "")]
    [InlineData("/shop", "/shop")]
    public async Task The_token_URL_contains_the_path_prefix_under_which_clients_reach_the_API(string pathBase, string prefix)
    {
        await using var own = await new ApiFactory().With("Docs:Enabled", "true").With("ForwardedHeaders:PathBase", pathBase).StartAsync();

        var document = await (await own.CreateClient().GetAsync("/openapi/v1.json")).ReadJsonAsync();

        var flow = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("password").GetProperty("flows");
        Assert.Equal($"{prefix}/api/v1/auth/token", flow.GetProperty("password").GetProperty("tokenUrl").GetString());
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task The_documents_say_how_to_get_a_token_and_what_needs_one(string version)
    {
        await using var own = await new ApiFactory().With("Docs:Enabled", "true").StartAsync();
        var response = await own.CreateClient().GetAsync($"/openapi/{version}.json");
        var document = await response.ReadJsonAsync();

        var schemes = document.GetProperty("components").GetProperty("securitySchemes");
        var tokenUrl = schemes.GetProperty("password").GetProperty("flows").GetProperty("password").GetProperty("tokenUrl");
        Assert.Equal($"/api/{version}/auth/token", tokenUrl.GetString());

        var operations = OperationsOf(document).ToList();
        Assert.Contains(operations, operation => NeedsToken(operation.Method, operation.Body));
        Assert.All(operations, operation =>
        {
            // Reads of a resource may need one too.
            var isProtected = operation.Body.TryGetProperty("security", out var security) && security.GetArrayLength() == 2;
            Assert.True(isProtected || !NeedsToken(operation.Method, operation.Body));
            Assert.False(isProtected && IsOpenToAll(operation.Body));
            Assert.True(!isProtected || operation.Body.GetProperty("responses").TryGetProperty("401", out _));
        });
    }

    private static bool NeedsToken(string method, JsonElement operation) =>
        operation.GetProperty("operationId").GetString() == "getMe" || (!Reads.Contains(method) && !IsOpenToAll(operation));

    private static bool IsOpenToAll(JsonElement operation) => OpenToAll.Contains(operation.GetProperty("operationId").GetString());

    private static IEnumerable<(string Method, string Path, JsonElement Body)> OperationsOf(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (operation.Name, path.Name, operation.Value);
}
