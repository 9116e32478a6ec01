using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

/// <summary>Which requests need a token.</summary>
public sealed class TokenRequirementTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task A_request_without_a_token_is_refused()
    {
        var response = await _client.GetAsync(TestTokens.Me);

        await response.ShouldBeUnauthorizedAsync();
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
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
            var request = new HttpRequestMessage(new HttpMethod(method), Regex.Replace(path, "{[a-zA-Z]+}", "1"));
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

    private static IEnumerable<(string Method, string Path, JsonElement Body)> OperationsOf(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (operation.Name, path.Name, operation.Value);
}
