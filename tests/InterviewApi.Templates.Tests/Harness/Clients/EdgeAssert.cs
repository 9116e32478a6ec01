using System.Net;
using System.Text.Json;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>What every response has, whether the API made it or nginx.</summary>
internal static class EdgeAssert
{
    private static readonly string[] SecurityHeaders =
    [
        "X-Content-Type-Options", "X-Frame-Options", "Content-Security-Policy", "Referrer-Policy", "Permissions-Policy",
        "Cross-Origin-Resource-Policy", "Strict-Transport-Security", "X-Request-ID",
    ];

    public static void HasTheHeadersOfEveryResponse(HttpResponseMessage response)
    {
        var isSecure = response.RequestMessage!.RequestUri!.Scheme == Uri.UriSchemeHttps;
        foreach (var header in SecurityHeaders)
        {
            var values = response.Headers.TryGetValues(header, out var found) ? found.ToArray() : [];
            Assert.True(
                values.Length == (isSecure || header != "Strict-Transport-Security" ? 1 : 0),
                $"{response.RequestMessage} has {header} {values.Length} times: {response}");
        }

        Assert.Equal("nginx", response.Headers.Server.ToString());
        Assert.False(response.Headers.Contains("X-Powered-By"));
    }

    /// <summary>The response is a refusal with problem details, and has the headers of every response.</summary>
    public static async Task<JsonElement> IsProblemAsync(HttpStatusCode status, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{response.StatusCode} instead of {status}: {body}");
        HasTheHeadersOfEveryResponse(response);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);

        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        Assert.NotEqual("", problem.GetProperty("traceId").GetString());
        Assert.True(problem.TryGetProperty("type", out _));

        return problem;
    }

    /// <summary>nginx refused this, not the API: its problems have the id of the request, and no trace.</summary>
    public static async Task IsRefusedByNginxAsync(HttpStatusCode status, HttpResponseMessage response)
    {
        var problem = await IsProblemAsync(status, response);
        Assert.Equal(response.Headers.GetValues("X-Request-ID").Single(), problem.GetProperty("traceId").GetString());
        Assert.Equal("about:blank", problem.GetProperty("type").GetString());
    }
}
