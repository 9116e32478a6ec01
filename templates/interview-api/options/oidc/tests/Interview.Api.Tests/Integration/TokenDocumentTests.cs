using InterviewApi.Tests.Support;

namespace InterviewApi.Tests.Integration;

/// <summary>What the documents say about tokens, and how their page gets one.</summary>
public sealed class TokenDocumentTests : IAsyncLifetime
{
    private static readonly string[] Reads = ["get", "head", "options"];

    private readonly ApiFactory _api = new ApiFactory()
        .With("Docs:Enabled", "true")
        .With("Auth:DocsClientId", TestIssuer.ClientId)
        .With("Auth:DocsScopes", "openid api");

    public async ValueTask InitializeAsync() => await _api.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task The_documents_say_how_to_get_a_token_and_what_needs_one(string version)
    {
        var document = await (await _api.CreateClient().GetAsync($"/openapi/{version}.json")).ReadJsonAsync();

        var scheme = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("openIdConnect");
        Assert.Equal("openIdConnect", scheme.GetProperty("type").GetString());
        Assert.Equal($"{TestIssuer.Shared.Url}/.well-known/openid-configuration", scheme.GetProperty("openIdConnectUrl").GetString());
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).ToList();
        Assert.Contains(operations, operation => operation.Value.GetProperty("operationId").GetString() == "getMe");
        Assert.All(operations, operation =>
        {
            var isProtected = operation.Value.TryGetProperty("security", out var security) && security.GetArrayLength() == 2;
            Assert.True(isProtected || Reads.Contains(operation.Name));
            Assert.True(!isProtected || operation.Value.GetProperty("responses").TryGetProperty("401", out _));
            Assert.True(!isProtected || operation.Value.GetProperty("responses").TryGetProperty("503", out _));
        });
    }

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

        Assert.Contains($"connect-src 'self' {TestIssuer.Shared.Url};", PolicyOf(page), StringComparison.Ordinal);
        Assert.DoesNotContain(TestIssuer.Shared.Url, PolicyOf(other), StringComparison.Ordinal);
    }

    private static string PolicyOf(HttpResponseMessage response) => response.Headers.GetValues("Content-Security-Policy").Single();
}
