using System.Net;
using System.Text.Json;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

/// <summary>Which requests need a token, and what the documents say about it.</summary>
public sealed class TokenRequirementTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static readonly string[] OpenToAll = ["register", "issueToken"];
    private static readonly string[] Reads = ["get", "head", "options"];

    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task Logout_needs_a_token()
    {
        await (await _client.PostAsync(Accounts.Logout, null)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_request_without_a_token_is_refused()
    {
        var response = await _client.GetAsync(Accounts.Me);

        await response.ShouldBeUnauthorizedAsync();
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

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

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task What_is_documented_to_need_a_token_needs_one(string version)
    {
        await using var own = await new ApiFactory().With("Docs:Enabled", "true").StartAsync();
        var client = own.CreateClient();
        var document = await (await client.GetAsync($"/openapi/{version}.json")).ReadJsonAsync();

        foreach (var (method, path, body) in OperationsOf(document))
        {
            var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", "1", StringComparison.Ordinal));
            var response = await client.SendAsync(request);
            Assert.Equal(body.TryGetProperty("security", out _), response.StatusCode == HttpStatusCode.Unauthorized);
        }
    }
@@ sample=full|basic

    [Theory]
    [InlineData("POST", "/api/v1/products")]
    [InlineData("PUT", "/api/v1/products/1")]
    [InlineData("PATCH", "/api/v1/products/1")]
    [InlineData("DELETE", "/api/v1/products/1")]
    [InlineData("POST", "/api/v2/products")]
    [InlineData("PUT", "/api/v2/products/1")]
    [InlineData("PATCH", "/api/v2/products/1")]
    [InlineData("DELETE", "/api/v2/products/1")]
    public async Task A_write_needs_a_token_before_its_body_is_read(
        string method, string address, string contentType = "application/json")
    {
        var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = new StringContent("no JSON") };
        request.Content.Headers.ContentType = new(contentType);

        var response = await _client.SendAsync(request);

        await response.ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_token_is_not_taken_from_the_address()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        var response = await _client.PostAsync($"{Products.V1}?access_token={tokens.Access}", null);

        await response.ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task Reading_needs_none_and_a_bad_one_does_no_harm()
    {
        var address = await (await api.CreateWriterAsync()).CreateProductAsync();
        var client = api.CreateClient();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(address)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", "expired");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Products.V2)).StatusCode);
    }
@@ sample=full

    [Theory]
    [InlineData("PUT", "multipart/form-data")]
    [InlineData("DELETE", "application/json")]
    public Task A_change_of_an_image_needs_a_token_before_its_body_is_read(string method, string contentType) =>
        A_write_needs_a_token_before_its_body_is_read(method, "/api/v1/products/1/image", contentType);
@@ always

    private static bool NeedsToken(string method, JsonElement operation) =>
        operation.GetProperty("operationId").GetString() == "getMe" || (!Reads.Contains(method) && !IsOpenToAll(operation));

    private static bool IsOpenToAll(JsonElement operation) => OpenToAll.Contains(operation.GetProperty("operationId").GetString());

    private static IEnumerable<(string Method, string Path, JsonElement Body)> OperationsOf(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (operation.Name, path.Name, operation.Value);
}
