using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Acme.Shop.Tests.Support;

/// <summary>Reads responses and states what they have to be.</summary>
public static class HttpExtensions
{
    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>();

    /// <summary>Asserts that the response is a complete problem details document, and returns it.</summary>
    public static async Task<JsonElement> ShouldBeProblemAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.ReadJsonAsync();
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.StartsWith("https://tools.ietf.org/html/rfc", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        return problem;
    }

    /// <summary>Asserts that the response refuses exactly these fields.</summary>
    public static async Task ShouldRefuseAsync(this HttpResponseMessage response, params string[] fields)
    {
        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        var errors = problem.GetProperty("errors").EnumerateObject().Select(error => error.Name);
        Assert.Equal(fields.Order(), errors.Order());
    }

    /// <summary>Asserts that HEAD has the status and the headers of GET, and no body.</summary>
    public static async Task ShouldAnswerHeadLikeGetAsync(this HttpClient client, string address)
    {
        var read = await client.GetAsync(address);
        var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, address));

        Assert.Equal(read.StatusCode, head.StatusCode);
        Assert.Equal(HeadersOf(read), HeadersOf(head));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Asserts that all headers together fit the smallest buffer that reverse proxies have for them.</summary>
    public static void ShouldHaveSmallHeaders(this HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers)
            .SelectMany(header => header.Value.Select(value => $"{header.Key}: {value}\r\n"));
        Assert.InRange(headers.Sum(header => header.Length), 1, 4096);
    }

    public static HttpRequestMessage With(this HttpRequestMessage request, string header, string value)
    {
        request.Headers.TryAddWithoutValidation(header, value);
        return request;
    }

    // What differs between two equal requests, and what describes the transfer of the body (RFC 9110 section 9.3.2).
    private static IEnumerable<string> HeadersOf(HttpResponseMessage response) =>
        response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key is not ("X-Request-ID" or "Date" or "Transfer-Encoding" or "Content-Length" or "RateLimit"))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}")
            .Order();
}
