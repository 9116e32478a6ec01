using System.Net;
using System.Net.Http.Json;
using System.Text;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class ProductRequestTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Theory]
    [InlineData("application/json; charset=\"utf-8\"", HttpStatusCode.Created)]
    [InlineData("application/json; charset=nothing", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_body_may_say_that_it_is_UTF_8(string contentType, HttpStatusCode status)
    {
        var client = await api.CreateWriterAsync();
        var content = new StringContent("""{"name":"Cup","price":1,"category":"kitchen"}""");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        Assert.Equal(status, (await client.PostAsync(Products.V1, content)).StatusCode);
    }

    [Theory]
    [InlineData("{}", "category", "name", "price")]
    [InlineData("""{"name":"  ","price":1,"category":"c"}""", "name")]
    [InlineData("""{"name":"n","price":0,"category":"c"}""", "price")]
    [InlineData("""{"name":"n","price":1000000.01,"category":"c"}""", "price")]
    [InlineData("""{"name":"n","price":1.001,"category":"c"}""", "price")]
    [InlineData("""{"name":"n","price":"1","category":"c"}""", "price")]
    [InlineData("""{"name":"n","price":1e400,"category":"c"}""", "price")]
    [InlineData("""{"name":7,"price":1,"category":"c"}""", "name")]
    [InlineData("""{"name":"a\u0000b","price":1,"category":"c"}""", "name")]
    [InlineData("""{"name":"n","price":1,"category":"c","category":"d"}""", "category")]
    [InlineData("""{"name":"n",""", "$")]
    [InlineData("""["name"]""", "$")]
    [InlineData("null", "$")]
    [InlineData("", "$")]
    public async Task A_wrong_field_is_named(string body, params string[] fields)
    {
        var client = await api.CreateWriterAsync();

        var response = await client.SendTextAsync(HttpMethod.Post, Products.V1, body);

        await response.ShouldRefuseAsync(fields);
    }

    [Fact]
    public async Task The_longest_texts_are_accepted()
    {
        var client = await api.CreateWriterAsync();
        var longest = new
        {
            name = new string('n', 100),
            description = new string('d', 2000),
            price = 1000000m,
            category = new string('c', 50),
        };

        Assert.Equal(HttpStatusCode.Created, (await client.PostAsJsonAsync(Products.V1, longest)).StatusCode);
        await (await client.PostAsJsonAsync(Products.V1, new { name = longest.name + "n", price = 1, longest.category }))
            .ShouldRefuseAsync("name");
    }

    [Theory]
    [InlineData("POST", "text/xml")]
    [InlineData("POST", "application/merge-patch+json")]
    [InlineData("POST", "application/vnd.example+json")]
    [InlineData("PUT", "application/merge-patch+json")]
    [InlineData("PUT", "application/json-patch+json")]
    [InlineData("PATCH", "application/json-patch+json")]
    [InlineData("PATCH", "application/vnd.example+json")]
    [InlineData("PATCH", "text/plain")]
    public async Task Another_content_type_is_refused(string method, string contentType)
    {
        var client = await api.CreateWriterAsync();
        var address = method == "POST" ? Products.V1 : await client.CreateProductAsync();

        var response = await client.SendTextAsync(
            new HttpMethod(method), address, """{"name":"n","price":1,"category":"c"}""", contentType);

        await response.ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType);
        Assert.Equal(
            method == "PATCH" ? ["application/merge-patch+json, application/json"] : [],
            response.Headers.TryGetValues("Accept-Patch", out var values) ? values : []);
    }

    [Theory]
    [InlineData("""{"name":null}""", "name")]
    [InlineData("""{"price":null}""", "price")]
    [InlineData("""{"price":-1,"category":""}""", "category", "price")]
    [InlineData("""{"price":"1"}""", "price")]
    [InlineData("""{"other":{"\ud800":1}}""", "$")]
    public async Task A_wrong_patch_is_refused(string patch, params string[] fields)
    {
        var client = await api.CreateWriterAsync();
        var address = await client.CreateProductAsync();

        var response = await client.SendTextAsync(HttpMethod.Patch, address, patch);

        await response.ShouldRefuseAsync(fields);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        await using var network = await new ApiFactory().OnNetwork().StartAsync();
        var client = await network.CreateWriterAsync();

        // The client asks first: a refusal while it still sends could get lost with the connection.
        var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, Products.V1)
        {
            Content = new StringContent(new string(' ', (1024 * 1024) + 1), Encoding.UTF8, "application/json"),
        }.With("Expect", "100-continue"));

        await response.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    public async Task Deeply_nested_json_is_refused(string method)
    {
        var client = await api.CreateWriterAsync();
        var address = method == "POST" ? Products.V1 : await client.CreateProductAsync();

        var response = await client.SendTextAsync(
            new HttpMethod(method), address, $$"""{"name":{{new string('[', 10_000)}}}""");

        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }
}
