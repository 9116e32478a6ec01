using System.Net;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

/// <summary>What a reverse proxy says about the client. The server URL of the OpenAPI document shows what is believed.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("198.51.100.1", "https", "https")]
    [InlineData("198.51.100.1, 10.0.0.3", "https, http", "https")]
    [InlineData("198.51.100.1, 10.0.0.2, 10.0.0.3", "https, http, http", "https")]
    [InlineData("10.0.0.2, 198.51.100.1", "https, http", "http")]
    [InlineData("10.0.0.2, 198.51.100.1, 10.0.0.3", "https, http, http", "http")]
    [InlineData("198.51.100.1, 10.0.0.9, 10.0.0.3", "https, http, http", "http")]
    public async Task Headers_are_believed_up_to_the_first_unknown_address(string addresses, string schemes, string expected)
    {
        await using var api = await StartAsync();

        var server = await ServerUrlAsync(
            api, new() { ["X-Forwarded-For"] = addresses, ["X-Forwarded-Proto"] = schemes });

        Assert.Equal(expected, server.Scheme);
    }

    [Fact]
    public async Task Headers_of_an_unknown_proxy_are_ignored()
    {
        await using var api = await StartAsync(new ApiFactory().With("ForwardedHeaders:KnownProxies:0", "10.0.0.1"));

        var server = await ServerUrlAsync(
            api,
            new()
            {
                ["X-Forwarded-For"] = "198.51.100.1, 10.0.0.1",
                ["X-Forwarded-Proto"] = "https, https",
                ["X-Forwarded-Prefix"] = "/shop",
            });

        Assert.Equal(("http", "/"), (server.Scheme, server.AbsolutePath));
    }

    [Theory]
    [InlineData("/shop", "/shop")]
    [InlineData("/shop/", "/shop")]
    [InlineData("/a/b-1", "/a/b-1")]
    [InlineData("/api", "/api")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/a/../b", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/a?b", "/")]
    public async Task A_forwarded_prefix_is_part_of_links_if_it_is_a_plain_path(string prefix, string expected)
    {
        await using var api = await StartAsync();

        var server = await ServerUrlAsync(api, new() { ["X-Forwarded-Prefix"] = prefix });

        Assert.Equal("127.0.0.1", server.Host);
        Assert.Equal(expected, server.AbsolutePath);
    }

    [Fact]
    public async Task A_long_prefix_is_not_repeated()
    {
        await using var api = await StartAsync();

        var server = await ServerUrlAsync(api, new() { ["X-Forwarded-Prefix"] = $"/{new string('x', 1000)}" });

        Assert.Equal("/", server.AbsolutePath);
    }

    [Theory]
    [InlineData("/openapi/v1.json")]
    [InlineData("/shop/openapi/v1.json")]
    [InlineData("/SHOP/openapi/v1.json")]
    public async Task A_path_base_holds_whether_or_not_the_proxy_removes_it(string path)
    {
        await using var api = await StartAsync(new ApiFactory().With("ForwardedHeaders:PathBase", "/shop"));

        var server = await ServerUrlAsync(api, [], path);

        Assert.Equal("/shop", server.AbsolutePath, ignoreCase: true);
        Assert.Equal(HttpStatusCode.OK, (await api.CreateClient().GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await api.CreateClient().GetAsync("/shopping/health/live")).StatusCode);
    }

    [Theory]
    [InlineData("/docs")]
    [InlineData("/redoc")]
    public async Task A_documentation_page_loads_everything_from_below_the_prefix(string page)
    {
        await using var api = await StartAsync(new ApiFactory().With("ForwardedHeaders:PathBase", "/shop"));
        var client = api.CreateClient();

        // The client on the network follows the redirect.
        var response = await client.GetAsync($"/shop{page}");
        var index = response.RequestMessage!.RequestUri!;
        var html = await response.Content.ReadAsStringAsync();
        var script = await client.GetStringAsync(new Uri(index, "index.js"));

        Assert.Equal($"/shop{page}/index.html", index.AbsolutePath);
        Assert.DoesNotContain("\"/", html, StringComparison.Ordinal);
        Assert.Contains("../openapi/v2.json", script, StringComparison.Ordinal);
        Assert.DoesNotContain("\"/openapi", script, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(index, "../openapi/v2.json"))).StatusCode);
    }

    private static async Task<ApiFactory> StartAsync(ApiFactory? factory = null)
    {
        var api = (factory ?? new ApiFactory()
            .With("ForwardedHeaders:KnownProxies:0", "127.0.0.1")
            .With("ForwardedHeaders:KnownProxies:1", "10.0.0.2")
            .With("ForwardedHeaders:KnownProxies:2", "10.0.0.3")).With("Docs:Enabled", "true").OnNetwork();
        await api.InitializeAsync();
        return api;
    }

    private static async Task<Uri> ServerUrlAsync(
        ApiFactory api, Dictionary<string, string> headers, string path = "/openapi/v1.json")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.With(name, value);
        }

        var document = await (await api.CreateClient().SendAsync(request)).ReadJsonAsync();
        return new Uri(document.GetProperty("servers")[0].GetProperty("url").GetString()!);
    }
}
