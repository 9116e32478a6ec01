using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>What nginx guards cannot be walked around: addresses, limits, sizes, in whatever case a path is written.</summary>
[Trait("Level", "Edge")]
[Collection(EdgeGroup.Name)]
public sealed class EdgeGuardTests(EdgeFixture edge)
{
    private const int UploadLimit = 20;
    private static readonly string[] Forwarded = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Forwarded-Host", "X-Forwarded-Proto"];

    [Fact]
    public async Task A_forged_address_has_no_allowance_of_its_own()
    {
        Requires.Nginx();
        Requires.Servers();
        var stack = await edge.StartedAsync();
        using var liar = stack.Nginx.NewClient(2);
        using var other = stack.Nginx.NewClient(3);

        for (var i = 0; i <= UploadLimit; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/products/export");
            foreach (var header in Forwarded)
            {
                request.Headers.Add(header, header == "Forwarded" ? $"for=203.0.113.{i}" : $"203.0.113.{i}");
            }

            var status = (await liar.SendAsync(request)).StatusCode;
            Assert.Equal(i < UploadLimit ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, status);
        }

        // The limit is that of an address, and not of nginx.
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/api/v1/products/export")).StatusCode);
    }

    [Fact]
    public async Task A_flood_of_logins_is_cut_off_however_the_path_is_written()
    {
        Requires.Nginx();
        Requires.Servers();
        var stack = await edge.StartedAsync();
        string[] paths = [
            "/api/v1/auth/token", "/api/v2/auth/token", "/API/V1/AUTH/TOKEN", "/Api/v2/Auth/register/", "/api/v1/%61uth/token",
            "/api/v1/x/../auth/token"];

        foreach (var (index, path) in paths.Index())
        {
            using var client = stack.Nginx.NewClient((byte)(10 + index));
            var refused = await FloodAsync(client, path);
            Assert.True(refused is not null, $"{path} was never refused by nginx.");
            await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.TooManyRequests, refused);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        }

        using var reader = stack.Nginx.NewClient(20);
        Assert.Null(await FloodAsync(reader, "/api/v1/products", requests: 300));
    }

    [Fact]
    public async Task An_image_of_10_MiB_passes_and_one_of_11_MiB_is_refused()
    {
        Requires.Nginx();
        Requires.Servers();
        var stack = await edge.StartedAsync();
        using var client = await stack.NewUserAsync(4);
        var location = (await client.PostAsJsonAsync("/api/v1/products", new { name = "Cup", price = 1, category = "kitchen" }))
            .EnsureSuccessStatusCode().Headers.Location!;
        var id = location.OriginalString.Split('/')[^1];

        foreach (var path in (string[])[
            $"/api/v1/products/{id}/image", $"/api/v2/products/{id}/image", $"/API/V1/Products/{id}/IMAGE",
            $"/api/v1/products/{id}/image/"])
        {
            using var passes = await client.PutAsync(path, Image(10));
            Assert.True(passes.IsSuccessStatusCode, $"{path}: {await passes.Content.ReadAsStringAsync()}");
            EdgeAssert.HasTheHeadersOfEveryResponse(passes);

            using var refused = await client.PutAsync(path, Image(11));
            await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.RequestEntityTooLarge, refused);
        }

        Assert.Equal(10 * 1024 * 1024, (await client.GetByteArrayAsync($"/api/v1/products/{id}/image")).Length);
    }

    [Fact]
    public async Task A_single_resource_keeps_its_strong_tag_however_the_path_is_written()
    {
        Requires.Nginx();
        Requires.Servers();
        var stack = await edge.StartedAsync();
        using var client = await stack.NewUserAsync(5);
        var product = new { name = "Cup", price = 1, category = "kitchen", description = new string('x', 1900) };
        var location = (await client.PostAsJsonAsync("/api/v1/products", product)).EnsureSuccessStatusCode().Headers.Location!;
        var id = location.OriginalString.Split('/')[^1];
        client.DefaultRequestHeaders.AcceptEncoding.Add(new("gzip"));

        foreach (var path in (string[])[$"/api/v1/products/{id}", $"/API/v2/PRODUCTS/{id}", $"/api/v1/products/{id}/"])
        {
            var response = await client.GetAsync(path);
            Assert.Equal(
                (HttpStatusCode.OK, false, 0),
                (response.StatusCode, response.Headers.ETag!.IsWeak, response.Content.Headers.ContentEncoding.Count));
        }
    }

    // Until nginx itself refuses one: the API's own refusals have another type.
    private static async Task<HttpResponseMessage?> FloodAsync(HttpClient client, string path, int requests = 5000)
    {
        var refused = new ConcurrentQueue<HttpResponseMessage>();
        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = 30 }, async (_, cancellationToken) =>
        {
            if (refused.IsEmpty)
            {
                var request = new HttpRequestMessage(
                    HttpMethod.Post,
                    new Uri(
                        client.BaseAddress! + path[1..], new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
                var response = await client.SendAsync(request, cancellationToken);
                if (response.StatusCode == HttpStatusCode.TooManyRequests
                    && (await response.Content.ReadAsStringAsync(cancellationToken)).Contains("about:blank", StringComparison.Ordinal))
                {
                    refused.Enqueue(response);
                }
            }
        });

        return refused.TryPeek(out var first) ? first : null;
    }

    private static MultipartFormDataContent Image(int mebibytes)
    {
        var bytes = new byte[mebibytes * 1024 * 1024];
        ((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]).CopyTo(bytes);
        var file = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };

        return new MultipartFormDataContent { { file, "file", "cup.png" } };
    }
}
