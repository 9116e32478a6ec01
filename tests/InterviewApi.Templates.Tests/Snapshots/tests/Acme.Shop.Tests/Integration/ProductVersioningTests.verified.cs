using System.Net;
using System.Net.Http.Json;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class ProductVersioningTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Both_versions_show_the_same_product()
    {
        var client = await api.CreateWriterAsync();

        var created = await client.PostAsJsonAsync(Products.V2, new
        {
            name = "Cup",
            price = new { amount = "12.5", currency = "USD" },
            category = "kitchen",
        });

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var product = await created.ReadJsonAsync();
        var id = product.GetProperty("id").GetInt64();
        Assert.Equal($"{Products.V2}/{id}", created.Headers.Location!.ToString());
        Assert.Equal("12.50", product.GetProperty("price").GetProperty("amount").GetString());
        Assert.Equal("USD", product.GetProperty("price").GetProperty("currency").GetString());
        Assert.Equal(1, product.GetProperty("version").GetInt32());
        Assert.Equal(12.5m, (await client.GetJsonAsync($"{Products.V1}/{id}")).GetProperty("price").GetDecimal());
    }

    [Fact]
    public async Task Version_1_is_frozen()
    {
        var client = await api.CreateWriterAsync();

        var product = await client.GetJsonAsync(await client.CreateProductAsync());

        Assert.Equal(
            ["id", "name", "description", "price", "category", "createdAt", "updatedAt"],
            product.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("""{"amount":"0","currency":"USD"}""", "price.amount")]
    [InlineData("""{"amount":"1.234","currency":"USD"}""", "price.amount")]
    [InlineData("""{"amount":"01","currency":"USD"}""", "price.amount")]
    [InlineData("""{"amount":"+1","currency":"USD"}""", "price.amount")]
    [InlineData("""{"amount":"1\n","currency":"USD"}""", "price.amount")]
    [InlineData("""{"amount":"1.","currency":"USD"}""", "price.amount")]
    [InlineData("""{"amount":".5","currency":"USD"}""", "price.amount")]
    [InlineData("""{"amount":"1,5","currency":"USD"}""", "price.amount")]
    [InlineData("""{"amount":"1","currency":"EUR"}""", "price.currency")]
    [InlineData("""{"amount":1,"currency":"USD"}""", "price.amount")]
    [InlineData("12.5", "price")]
    [InlineData("null", "price")]
    public async Task A_wrong_price_is_named(string price, string field)
    {
        var client = await api.CreateWriterAsync();
        var address = (await client.CreateProductAsync()).Replace("v1", "v2", StringComparison.Ordinal);

        await (await client.SendTextAsync(HttpMethod.Post, Products.V2, $$"""{"name":"n","category":"c","price":{{price}}}"""))
            .ShouldRefuseAsync(field);
        await (await client.SendTextAsync(HttpMethod.Patch, address, $$"""{"price":{{price}}}"""))
            .ShouldRefuseAsync(field);
    }

    [Fact]
    public async Task The_end_of_version_1_is_announced_once_it_is_configured()
    {
        await using var ending = await new ApiFactory()
            .With("ApiVersions:V1:DeprecatedAt", "2030-01-01T00:00:00Z")
            .With("ApiVersions:V1:SunsetAt", "2031-01-01T01:00:00+01:00").StartAsync();
        var client = ending.CreateClient();

        foreach (var path in new[] { Products.V1, $"{Products.V1}/1", $"{Products.V1}?limit=0" })
        {
            var response = await client.GetAsync(path);
            Assert.Equal("@1893456000", response.Headers.GetValues("Deprecation").Single());
            Assert.Equal("Wed, 01 Jan 2031 00:00:00 GMT", response.Headers.GetValues("Sunset").Single());
            Assert.Contains("</api/v2/products", response.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
            Assert.Contains("rel=\"successor-version\"", response.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        }

        var longest = await client.GetAsync($"{Products.V1}/{new string('1', 7000)}");
        Assert.True(longest.Headers.Contains("Deprecation"));
        Assert.False(longest.Headers.Contains("Link"));
        Assert.False((await client.GetAsync(Products.V2)).Headers.Contains("Deprecation"));
        Assert.False((await api.CreateClient().GetAsync(Products.V1)).Headers.Contains("Deprecation"));
    }

    [Theory]
    [InlineData(Products.V1)]
    [InlineData(Products.V2)]
    public async Task Links_contain_the_path_prefix_under_which_clients_reach_the_API(string products)
    {
        await using var published = await new ApiFactory()
            .With("ForwardedHeaders:PathBase", "/shop")
            .With("ApiVersions:V1:DeprecatedAt", "2030-01-01T00:00:00Z").StartAsync();
        var client = await published.CreateWriterAsync();

        foreach (var prefix in new[] { "", "/shop" })
        {
            var created = await client.PostAsJsonAsync(prefix + products, Cup(products));
            var address = created.Headers.Location!.ToString();
            Assert.StartsWith($"/shop{products}/", address, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(address)).StatusCode);
        }

        var links = (await client.GetAsync($"/shop{Products.V1}?skip=1&limit=1&category=kitchen")).Headers.GetValues("Link");
        Assert.All(links, link => Assert.StartsWith("</shop/api/v", link, StringComparison.Ordinal));
        Assert.Equal(2, links.Count());
    }

    private static object Cup(string products) => products == Products.V1
        ? Products.Cup()
        : new { name = "Cup", price = new { amount = "12.50", currency = "USD" }, category = "kitchen" };
}
