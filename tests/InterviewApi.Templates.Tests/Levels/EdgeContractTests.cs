using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The HTTP contract holds through nginx as it does without.</summary>
[Trait("Level", "Edge")]
[Collection(EdgeGroup.Name)]
public sealed class EdgeContractTests(EdgeFixture edge)
{
    private static readonly object Cup = new { name = "Cup", price = 12.5m, category = "kitchen" };

    [Fact]
    public async Task A_resource_is_made_read_changed_and_removed()
    {
        Requires.Nginx();
        Requires.Servers();
        using var client = await (await edge.StartedAsync()).NewUserAsync();

        var created = await client.PostAsJsonAsync("/api/v1/products", Cup);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        EdgeAssert.HasTheHeadersOfEveryResponse(created);
        var location = created.Headers.Location!;

        var read = await client.GetAsync(location);
        var tag = read.Headers.ETag!;
        Assert.Equal((HttpStatusCode.OK, false), (read.StatusCode, tag.IsWeak));
        Assert.NotNull(read.Headers.CacheControl);
        EdgeAssert.HasTheHeadersOfEveryResponse(read);

        var unchanged = await SendAsync(client, HttpMethod.Get, location, request => request.Headers.IfNoneMatch.Add(tag));
        Assert.Equal((HttpStatusCode.NotModified, tag), (unchanged.StatusCode, unchanged.Headers.ETag));
        EdgeAssert.HasTheHeadersOfEveryResponse(unchanged);

        var other = new EntityTagHeaderValue("\"other\"");
        var refused = await SendAsync(client, HttpMethod.Put, location, request => WithMatch(request, JsonContent.Create(Cup), other));
        await EdgeAssert.IsProblemAsync(HttpStatusCode.PreconditionFailed, refused);

        var patch = JsonContent.Create(new { price = 20m }, new MediaTypeHeaderValue("application/merge-patch+json"));
        var changed = await SendAsync(client, HttpMethod.Patch, location, request => WithMatch(request, patch, tag));
        Assert.Equal(
            20m, (await changed.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("price").GetDecimal());

        // Each of the two instances has it in its cache, and neither keeps it.
        await AssertStatusesAsync(client, location, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(location)).StatusCode);
        await AssertStatusesAsync(client, location, HttpStatusCode.NotFound);
        await EdgeAssert.IsProblemAsync(HttpStatusCode.NotFound, await client.DeleteAsync(location));
    }

    [Fact]
    public async Task Refusals_of_the_API_pass_as_they_are()
    {
        Requires.Nginx();
        Requires.Servers();
        var stack = await edge.StartedAsync();
        using var client = await stack.NewUserAsync();
        using var stranger = stack.Nginx.NewClient();

        var invalid = await EdgeAssert.IsProblemAsync(
            HttpStatusCode.BadRequest, await client.PostAsJsonAsync("/api/v1/products", new { name = "" }));
        Assert.True(invalid.TryGetProperty("errors", out _));
        await EdgeAssert.IsProblemAsync(
            HttpStatusCode.BadRequest,
            await client.PostAsync("/api/v1/products", new StringContent("{", Encoding.UTF8, "application/json")));
        await EdgeAssert.IsProblemAsync(
            HttpStatusCode.UnsupportedMediaType, await client.PostAsync("/api/v1/products", new StringContent("x")));
        await EdgeAssert.IsProblemAsync(HttpStatusCode.NotFound, await client.GetAsync("/nowhere"));
        await EdgeAssert.IsProblemAsync(HttpStatusCode.NotFound, await client.GetAsync("/docs"));
        await EdgeAssert.IsProblemAsync(HttpStatusCode.MethodNotAllowed, await client.PutAsync("/api/v1/products", null));
        await EdgeAssert.IsProblemAsync(
            HttpStatusCode.BadRequest,
            await SendAsync(
                client, HttpMethod.Get, new("/api/v1/products", UriKind.Relative), request => request.Headers.Host = "elsewhere.example"));

        var unauthorized = await stranger.PostAsJsonAsync("/api/v1/products", Cup);
        await EdgeAssert.IsProblemAsync(HttpStatusCode.Unauthorized, unauthorized);
        Assert.Equal("Bearer", unauthorized.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task Links_lead_through_nginx_and_lists_are_compressed()
    {
        Requires.Nginx();
        Requires.Servers();
        using var client = await (await edge.StartedAsync()).NewUserAsync();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            (
                await client.PostAsJsonAsync(
                    "/api/v1/products",
                    new { name = "Pot", price = 1, category = "garden", description = new string('x', 1500) })).EnsureSuccessStatusCode();
        }

        var page = await SendAsync(
            client, HttpMethod.Get, new("/api/v1/products?limit=1&category=garden", UriKind.Relative),
            request => request.Headers.AcceptEncoding.Add(new("gzip")));
        Assert.Equal("gzip", page.Content.Headers.ContentEncoding.Single());
        await using var json = new GZipStream(await page.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        Assert.Equal(1, (await JsonSerializer.DeserializeAsync<JsonElement>(json)).GetArrayLength());

        var link = page.Headers.GetValues("Link").SelectMany(value => value.Split(',')).Single(
            value => value.Contains("rel=\"next\"", StringComparison.Ordinal));
        var next = await client.GetAsync(link[(link.IndexOf('<') + 1)..link.IndexOf('>')]);
        Assert.Equal(1, (await next.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetArrayLength());
    }

    [Fact]
    public async Task The_id_of_a_request_is_kept_or_replaced_and_logged()
    {
        Requires.Nginx();
        Requires.Servers();
        var stack = await edge.StartedAsync();
        using var client = stack.Nginx.NewClient();
        string[] ids = ["kept.by-nginx_1", "kept.by-nginx_2"];

        foreach (var (id, path) in ids.Zip(["/health/live?access_token=hidden", "/api/v1/products?q=hidden"]))
        {
            var response = await SendAsync(
                client, HttpMethod.Get, new(path, UriKind.Relative), request => request.Headers.Add("X-Request-ID", id));
            Assert.Equal(id, response.Headers.GetValues("X-Request-ID").Single());
        }

        var replaced = await SendAsync(
            client, HttpMethod.Get, new("/health/live", UriKind.Relative),
            request => request.Headers.TryAddWithoutValidation("X-Request-ID", "not an id"));
        Assert.Matches("^[0-9a-f]{32}$", replaced.Headers.GetValues("X-Request-ID").Single());

        var log = File.ReadLines(stack.Nginx.Site.AccessLog).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.All(
            ids,
            id =>
                Assert.Single(
                    log, entry => entry.GetProperty("requestId").GetString() == id && entry.GetProperty("status").GetInt32() == 200));
        Assert.DoesNotContain("hidden", await File.ReadAllTextAsync(stack.Nginx.Site.AccessLog), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_HTTP_is_sent_on_once_with_method_path_and_query()
    {
        Requires.Nginx();
        Requires.Servers();
        var stack = await edge.StartedAsync();
        using var client = stack.Nginx.NewClient();

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            var redirect = await client.SendAsync(
                new HttpRequestMessage(method, new Uri(stack.Nginx.PlainAddress, "/api/v1/products?limit=1&q=a%20b")));
            Assert.Equal(HttpStatusCode.PermanentRedirect, redirect.StatusCode);
            EdgeAssert.HasTheHeadersOfEveryResponse(redirect);
            Assert.Equal(new Uri(stack.Nginx.Address, "/api/v1/products?limit=1&q=a%20b"), redirect.Headers.Location);
        }

        var followed = await client.GetAsync(new Uri(stack.Nginx.Address, "/api/v1/products?limit=1&q=a%20b"));
        Assert.Equal(HttpStatusCode.OK, followed.StatusCode);
        Assert.Equal(
            HttpStatusCode.BadRequest, (await client.GetAsync(new UriBuilder(stack.Nginx.Address) { Scheme = "http" }.Uri)).StatusCode);
    }

    private static async Task AssertStatusesAsync(HttpClient client, Uri location, HttpStatusCode expected)
    {
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(expected, (await client.GetAsync(location)).StatusCode);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, Uri address, Action<HttpRequestMessage> prepare)
    {
        var request = new HttpRequestMessage(method, address);
        prepare(request);
        return await client.SendAsync(request);
    }

    private static void WithMatch(HttpRequestMessage request, HttpContent content, EntityTagHeaderValue tag)
    {
        request.Content = content;
        request.Headers.IfMatch.Add(tag);
    }
}
