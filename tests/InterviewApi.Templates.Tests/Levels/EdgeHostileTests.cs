using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>One client sends the largest input that nginx lets in, everywhere; another one is served all the time.</summary>
[Trait("Level", "Edge")]
[Collection(AloneGroup.Name)]
public sealed class EdgeHostileTests
{
    private static readonly int[] Sizes = [100, 1900, 3900, 7900];

    // Also what takes more bytes where it is repeated.
    private static readonly string[] Fillings = ["x", "%22", "%C3%A9", "{", "/"];

    private static readonly string[] Paths =
        [
            "/", "/api/v1/", "/api/v1/products/", "/api/v2/products/", "/api/v1/products/1/image/", "/api/v1/auth/", "/ws/",
            "/health/ready/", "/docs/"];

    private static readonly string[] Queries =
    [
        "/api/v1/products?skip=1&limit=1&x=", "/api/v1/products?limit=1&q=", "/api/v1/products?limit=1&category=",
            "/api/v1/products?limit=", "/api/v1/products?skip=",
        "/api/v2/products?limit=1&x=", "/api/v2/products?limit=1&q=", "/api/v2/products?cursor=", "/api/v1/products/1?x=",
            "/api/v2/products/1?x=",
        "/health/ready?x=", "/api/v1/users/me?x=", "/ws?access_token=", "/ws?x=",
    ];

    private static readonly string[] Headers =
    [
        "Accept", "Accept-Encoding", "Accept-Language", "Access-Control-Request-Headers", "Access-Control-Request-Method", "Authorization",
            "Baggage", "Cache-Control",
        "Content-Encoding", "Content-Language", "Content-Type", "Cookie", "Forwarded", "From", "If-Match", "If-Modified-Since",
            "If-None-Match", "If-Range", "Origin",
        "Range", "Referer", "Sec-WebSocket-Extensions", "Sec-WebSocket-Key", "Sec-WebSocket-Protocol", "Sec-WebSocket-Version",
            "traceparent", "tracestate",
        "User-Agent", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-Proto", "X-HTTP-Method-Override",
            "X-Request-ID",
    ];

    [Fact]
    public async Task No_request_of_another_client_fails()
    {
        Requires.Nginx();
        Requires.Servers();
        // Then version 1 names its successor in each response.
        await using var stack = await EdgeStack.StartAsync(new Dictionary<string, string>
        {
            ["ApiVersions__V1__DeprecatedAt"] = "2026-01-01T00:00:00Z",
            ["ApiVersions__V1__SunsetAt"] = "2036-01-01T00:00:00Z",
        });
        using var hostile = await stack.NewUserAsync(2);
        using var other = await stack.NewUserAsync(3);
        var location = (await other.PostAsJsonAsync("/api/v1/products", new { name = "Cup", price = 1, category = "kitchen" }))
            .EnsureSuccessStatusCode().Headers.Location!;
        var load = new BoundedLoad(
            () => other.GetAsync(location),
            () => other.GetAsync("/api/v2/products?limit=5"),
            () => other.PostAsJsonAsync("/api/v1/products", new { name = "Cup", price = 1, category = "load" }));
        await load.WaitForAsync(20);

        var failures = new List<string>();
        foreach (var (name, request) in Requests(location.OriginalString).Concat(Bodies(location.OriginalString)))
        {
            using (request)
            {
                // As it stands, neither encoded nor shortened.
                request.RequestUri = new Uri(
                    hostile.BaseAddress! + request.RequestUri!.OriginalString[1..], new UriCreationOptions
                    {
                        DangerousDisablePathAndQueryCanonicalization = true,
                    });
                using var answer = await hostile.SendAsync(request);
                if (answer.StatusCode >= HttpStatusCode.InternalServerError)
                {
                    failures.Add($"{name}: {(int)answer.StatusCode}");
                }
            }
        }

        await load.WaitForAsync(20);
        Assert.InRange(await load.StopAsync(), 40, int.MaxValue);
        Problems.AssertNone(failures);
    }

    private static IEnumerable<(string Name, HttpRequestMessage Request)> Requests(string location)
    {
        foreach (var size in Sizes)
        {
            foreach (var filling in Fillings)
            {
                var text = string.Concat(Enumerable.Repeat(filling, size / filling.Length));
                foreach (var start in Paths.Concat(Queries))
                {
                    yield return ($"{start} with {size} of {filling}", Request(HttpMethod.Get, start + text));
                }
            }

            var value = new string('x', size);
            foreach (var header in Headers)
            {
                foreach (var (method, path) in ((HttpMethod, string)[])[
                    (HttpMethod.Get, location), (HttpMethod.Get, "/api/v1/products?limit=1"), (HttpMethod.Options, "/api/v1/products"),
                    (HttpMethod.Put, location), (HttpMethod.Get, "/ws"), (HttpMethod.Get, "/nowhere")])
                {
                    var request = Request(method, path);
                    request.Content = method == HttpMethod.Put ? JsonContent.Create(new { name = "Cup", price = 1, category = "kitchen" })
                        : null;
                    Set(
                        request, header,
                        header switch
                        {
                            "Authorization" => $"Bearer {value}",
                            "If-Match" or "If-None-Match" => $"\"{value}\"",
                            _ => value,
                        });
                    yield return ($"{method} {path} with {size} of {header}", request);
                }
            }
        }

        // All that is let in at once.
        var full = Request(HttpMethod.Get, "/api/v1/products?limit=1&q=" + new string('x', 7900));
        foreach (var header in (string[])["Cookie", "Referer"])
        {
            Set(full, header, new string('x', 7900));
        }

        yield return ("all buffers", full);
    }

    // As large as nginx lets them in.
    private static IEnumerable<(string Name, HttpRequestMessage Request)> Bodies(string location)
    {
        var text = new string('x', (1024 * 1024) - 200);
        string[] paths = ["/api/v1/products", "/api/v2/products", "/api/v1/auth/register", location];
        foreach (var path in paths)
        {
            var method = path == location ? HttpMethod.Put : HttpMethod.Post;
            yield return ($"{path} with a long name", With(method, path, $$"""{"name":"{{text}}","username":"{{text[..10]}}","price":1,"category":"kitchen"}""", "application/json"));
            yield return ($"{path} with a long field", With(method, path, $$"""{"{{text}}":1}""", "application/json"));
            yield return ($"{path} with deep arrays", With(method, path, new string('[', text.Length), "application/json"));
            yield return ($"{path} with a long number", With(method, path, $$"""{"name":"Cup","price":{{text.Replace('x', '1')}},"category":"kitchen"}""", "application/json"));
        }

        yield return ("a long patch", With(HttpMethod.Patch, location, $$"""{"description":"{{text}}"}""", "application/merge-patch+json"));
        yield return (
            "a long password",
            With(
                HttpMethod.Post, "/api/v1/auth/token", $"grant_type=password&username=x&password={text}",
                "application/x-www-form-urlencoded"));
        yield return (
            "a long refresh token",
            With(
                HttpMethod.Post, "/api/v1/auth/token", $"grant_type=refresh_token&refresh_token={text}",
                "application/x-www-form-urlencoded"));

        foreach (var name in (string[])["file", new string('x', 7900)])
        {
            var file = new ByteArrayContent(new byte[10 * 1024 * 1024])
            {
                Headers = { ContentType = new MediaTypeHeaderValue("image/png") },
            };
            var image = Request(HttpMethod.Put, $"{location}/image");
            image.Content = new MultipartFormDataContent { { file, name, name } };
            yield return ($"an image in a field with a name of {name.Length}", image);
        }
    }

    private static HttpRequestMessage With(HttpMethod method, string path, string body, string type)
    {
        var request = Request(method, path);
        request.Content = new StringContent(body, Encoding.UTF8, type);
        return request;
    }

    private static HttpRequestMessage Request(HttpMethod method, string path) => new(method, new Uri(path, UriKind.Relative));

    private static void Set(HttpRequestMessage request, string header, string value)
    {
        if (!request.Headers.TryAddWithoutValidation(header, value))
        {
            request.Content ??= new ByteArrayContent([]);
            request.Content.Headers.Remove(header);
            request.Content.Headers.TryAddWithoutValidation(header, value);
        }
    }
}
