@@ auth=jwt|none
using System.Text.Json;
@@ always
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

@@ auth=oidc|none
/// <summary>What the documents say about tokens, and how their page gets one.</summary>
public sealed class TokenDocumentTests : IAsyncLifetime
@@ auth=jwt|none
/// <summary>What the documents say about tokens.</summary>
public sealed class TokenDocumentTests
@@ always
{
@@ auth=jwt|none
    private static readonly string[] OpenToAll = ["register", "issueToken", "requestPasswordReset", "resetPassword"];
@@ always
    private static readonly string[] Reads = ["get", "head", "options"];

@@ auth=oidc|none
    private readonly ApiFactory _api = new ApiFactory()
        .With("Docs:Enabled", "true")
        .With("Auth:DocsClientId", TestIssuer.ClientId)
        .With("Auth:DocsScopes", "openid api");
@@ auth=jwt|none
    [Theory]
    [InlineData("", "")]
    [InlineData("/shop", "/shop")]
    public async Task The_token_URL_contains_the_path_prefix_under_which_clients_reach_the_API(string pathBase, string prefix)
    {
        await using var own = await new ApiFactory().With("Docs:Enabled", "true").With("ForwardedHeaders:PathBase", pathBase).StartAsync();
@@ always

@@ auth=oidc|none
    public async ValueTask InitializeAsync() => await _api.StartAsync();
@@ auth=jwt|none
        var document = await (await own.CreateClient().GetAsync("/openapi/v1.json")).ReadJsonAsync();
@@ always

@@ auth=oidc|none
    public ValueTask DisposeAsync() => _api.DisposeAsync();
@@ auth=jwt|none
        var flow = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("password").GetProperty("flows");
        Assert.Equal($"{prefix}/api/v1/auth/token", flow.GetProperty("password").GetProperty("tokenUrl").GetString());
    }
@@ always

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task The_documents_say_how_to_get_a_token_and_what_needs_one(string version)
    {
@@ auth=oidc|none
        var document = await (await _api.CreateClient().GetAsync($"/openapi/{version}.json")).ReadJsonAsync();
@@ auth=jwt|none
        await using var own = await new ApiFactory().With("Docs:Enabled", "true").StartAsync();
        var response = await own.CreateClient().GetAsync($"/openapi/{version}.json");
        var document = await response.ReadJsonAsync();
@@ always

@@ auth=oidc|none
        var scheme = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("openIdConnect");
        Assert.Equal("openIdConnect", scheme.GetProperty("type").GetString());
        Assert.Equal($"{TestIssuer.Shared.Url}/.well-known/openid-configuration", scheme.GetProperty("openIdConnectUrl").GetString());
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).ToList();
        Assert.Contains(operations, operation => operation.Value.GetProperty("operationId").GetString() == "getMe");
@@ auth=jwt|none
        var schemes = document.GetProperty("components").GetProperty("securitySchemes");
        var tokenUrl = schemes.GetProperty("password").GetProperty("flows").GetProperty("password").GetProperty("tokenUrl");
        Assert.Equal($"/api/{version}/auth/token", tokenUrl.GetString());

        var operations = OperationsOf(document).ToList();
        Assert.Contains(operations, operation => NeedsToken(operation.Method, operation.Body));
@@ always
        Assert.All(operations, operation =>
        {
@@ auth=oidc|none
            var isProtected = operation.Value.TryGetProperty("security", out var security) && security.GetArrayLength() == 2;
            Assert.True(isProtected || Reads.Contains(operation.Name));
            Assert.True(!isProtected || operation.Value.GetProperty("responses").TryGetProperty("401", out _));
            Assert.True(!isProtected || operation.Value.GetProperty("responses").TryGetProperty("503", out _));
@@ auth=jwt|none
            // Reads of a resource may need one too.
            var isProtected = operation.Body.TryGetProperty("security", out var security) && security.GetArrayLength() == 2;
            Assert.True(isProtected || !NeedsToken(operation.Method, operation.Body));
            Assert.False(isProtected && IsOpenToAll(operation.Body));
            Assert.True(!isProtected || operation.Body.GetProperty("responses").TryGetProperty("401", out _));
@@ always
        });
    }

@@ auth=oidc|none
    [Fact]
    public async Task The_page_signs_in_by_authorization_code_with_PKCE()
    {
        var script = await _api.CreateClient().GetStringAsync("/docs/index.js");

        Assert.Contains($"\"clientId\":\"{TestIssuer.ClientId}\"", script, StringComparison.Ordinal);
        Assert.Contains("\"usePkceWithAuthorizationCodeGrant\":true", script, StringComparison.Ordinal);
        Assert.Contains("\"scopes\":[\"openid\",\"api\"]", script, StringComparison.Ordinal);
        Assert.Contains($"\"audience\":\"{TestIssuer.Audience}\"", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_page_may_connect_to_the_issuer()
    {
        var client = _api.CreateClient();

        var page = await client.GetAsync("/docs/index.html");
        var other = await client.GetAsync("/openapi/v1.json");
@@ auth=jwt|none
    private static bool NeedsToken(string method, JsonElement operation) =>
        operation.GetProperty("operationId").GetString() == "getMe" || (!Reads.Contains(method) && !IsOpenToAll(operation));
@@ always

@@ auth=oidc|none
        Assert.Contains($"connect-src 'self' {TestIssuer.Shared.Url};", PolicyOf(page), StringComparison.Ordinal);
        Assert.DoesNotContain(TestIssuer.Shared.Url, PolicyOf(other), StringComparison.Ordinal);
    }
@@ auth=jwt|none
    private static bool IsOpenToAll(JsonElement operation) => OpenToAll.Contains(operation.GetProperty("operationId").GetString());
@@ always

@@ auth=oidc|none
    private static string PolicyOf(HttpResponseMessage response) => response.Headers.GetValues("Content-Security-Policy").Single();
@@ auth=jwt|none
    private static IEnumerable<(string Method, string Path, JsonElement Body)> OperationsOf(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (operation.Name, path.Name, operation.Value);
@@ always
}
