using System.Net;
using System.Net.Http.Json;
using System.Text;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class ProductTokenTests(ApiFactory api) : IClassFixture<ApiFactory>
{
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
        var request = new HttpRequestMessage(new HttpMethod(method), address)
        {
            Content = new StringContent("{", Encoding.UTF8, contentType),
        };

        var response = await api.CreateClient().SendAsync(request);

        await response.ShouldBeUnauthorizedAsync();
    }
@@ sample=full|none

    [Theory]
    [InlineData("PUT", "multipart/form-data")]
    [InlineData("DELETE", "application/json")]
    public Task A_change_of_an_image_needs_a_token_before_its_body_is_read(string method, string contentType) =>
        A_write_needs_a_token_before_its_body_is_read(method, "/api/v1/products/1/image", contentType);
@@ always

    [Fact]
    public async Task A_token_is_not_taken_from_the_address()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        var response = await api.CreateClient().PostAsJsonAsync(
            $"{Products.V1}?access_token={tokens.Access}", Products.Cup());

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
}
