using System.Net;
using InterviewApi.Core.Http;
using InterviewApi.Middleware;
using InterviewApi.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace InterviewApi.Tests.Integration;

public sealed class HttpSemanticsTests
{
    private const string Origin = "https://app.example.com";

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/index.html")]
    [InlineData("/redoc/index.html")]
    [InlineData("/unknown")]
    public async Task HEAD_is_GET_without_the_body(string path)
    {
        // Only the real server knows whether a body was sent.
        await using var api = await new ApiFactory().With("Docs:Enabled", "true").OnNetwork().StartAsync();

        await api.CreateClient().ShouldAnswerHeadLikeGetAsync(path);
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/api/v1/")]
    [InlineData("HEAD", "/api/v1/")]
    [InlineData("POST", "/api/v2/")]
    [InlineData("PATCH", "/api/v1/")]
    [InlineData("OPTIONS", "/api/v1/")]
    [InlineData("GET", "/health/")]
    [InlineData("GET", "/openapi/")]
    [InlineData("GET", "/docs/")]
    [InlineData("GET", "/redoc/")]
    public async Task Response_headers_do_not_grow_with_the_request(string method, string path)
    {
        await using var api = await new ApiFactory()
            .With("Docs:Enabled", "true")
            .With("Cors:AllowedOrigins:0", Origin)
            .With("ApiVersions:V1:DeprecatedAt", "2030-01-01")
            .With("ApiVersions:V1:SunsetAt", "2031-01-01").StartAsync();
        var longest = new string('x', 7000);
        var request = new HttpRequestMessage(new HttpMethod(method), $"{path}{longest}?x={longest}")
            .With("Origin", Origin)
            .With("Access-Control-Request-Method", "PUT")
            .With("Access-Control-Request-Headers", longest)
            .With("Authorization", $"Bearer {longest}")
            .With("If-Match", $"\"{longest}\"")
            .With("X-Request-ID", longest)
            .With("X-Forwarded-Host", longest)
            .With("X-Forwarded-Prefix", $"/{longest}")
            .With("Accept", $"application/{longest}");
        if (method is "POST" or "PATCH")
        {
            request.Content = new ByteArrayContent([1]);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", $"application/{longest}+json; charset={longest}");
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", longest);
        }

        var response = await api.CreateClient().SendAsync(request);

        response.ShouldHaveSmallHeaders();
    }

    [Fact]
    public async Task An_encoded_body_is_refused()
    {
        await using var api = await new ApiFactory().StartAsync();
        var content = new ByteArrayContent([1]);
        content.Headers.ContentEncoding.Add("gzip");

        var response = await api.CreateClient().PostAsync("/api/v1/unknown", content);

        await response.ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType);
        Assert.Equal("identity", response.Headers.GetValues("Accept-Encoding").Single());
    }

    [Theory]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json; charset=utf-8", "application/json")]
    [InlineData("application/json; charset=\"UTF-8\"", "application/json")]
    [InlineData("application/merge-patch+json; charset=utf-8; v=1", "application/merge-patch+json; v=1")]
    [InlineData("text/plain; charset=latin1", "text/plain; charset=latin1")]
    [InlineData(null, null)]
    public async Task A_JSON_body_is_UTF_8_and_need_not_say_so(string? contentType, string? passedOn)
    {
        var (context, isPassedOn) = await ReceiveAsync(contentType);

        Assert.True(isPassedOn);
        Assert.Equal(passedOn, context.Request.ContentType);
    }

    [Theory]
    [InlineData("application/json; charset=latin1")]
    [InlineData("application/json; charset=nothing")]
    [InlineData("application/merge-patch+json; charset=\"utf-16\"")]
    public async Task Another_charset_is_a_415(string contentType)
    {
        var (context, isPassedOn) = await ReceiveAsync(contentType);

        Assert.False(isPassedOn);
        Assert.Equal(StatusCodes.Status415UnsupportedMediaType, context.Response.StatusCode);
    }

    [Theory]
    [InlineData("gzip", false)]
    [InlineData("identity, br", false)]
    [InlineData("unknown", false)]
    [InlineData("Identity", true)]
    [InlineData("", true)]
    public async Task A_content_coding_is_a_415(string contentEncoding, bool isAccepted)
    {
        var (context, isPassedOn) = await ReceiveAsync("application/json", contentEncoding);

        Assert.Equal(isAccepted, isPassedOn);
        Assert.Equal(isAccepted ? "" : "identity", context.Response.Headers.AcceptEncoding.ToString());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("?day=Friday", "Friday")]
    [InlineData("?DAY=FRIDAY&other=1", "Friday")]
    [InlineData("?also=sunday&also=Monday", "Sunday Monday")]
    [InlineData("?page=1&first=tuesday", "Tuesday")]
    [InlineData("?day=5", null)]
    [InlineData("?day=some", null)]
    [InlineData("?also=Sunday&also=1", null)]
    [InlineData("?also=Sunday,Monday", null)]
    [InlineData("?day=Sunday&day=Monday", null)]
    [InlineData("?word=a", "a")]
    [InlineData("?word=a&WORD=b", null)]
    public async Task A_query_has_names_of_enums_and_one_value_for_text(string query, string? expected)
    {
        string? bound = null;
        var handler = RequestDelegateFactory.Create(
            (DayOfWeek? day, [FromQuery(Name = "also")] DayOfWeek[] days, [AsParameters] Days more, string? word) =>
                bound = string.Join(' ', (object?[])[day, .. days, more.First, word]).Trim(),
            new() { EndpointBuilder = new RouteEndpointBuilder(null, RoutePatternFactory.Parse("/"), 0) });
        var context = new DefaultHttpContext
        {
            RequestServices = new ServiceCollection().BuildServiceProvider(),
            Request = { QueryString = new(query) },
        };
        context.SetEndpoint(new Endpoint(handler.RequestDelegate, new(handler.EndpointMetadata), null));
        var middleware = new QueryParameterMiddleware(handler.RequestDelegate);

        if (expected is null)
        {
            Assert.Throws<InvalidRequestException>(() => { _ = middleware.InvokeAsync(context); });
        }
        else
        {
            await middleware.InvokeAsync(context);
        }

        Assert.Equal(expected, bound);
    }

    private static async Task<(HttpContext Context, bool IsPassedOn)> ReceiveAsync(
        string? contentType, string? contentEncoding = null)
    {
        var isPassedOn = false;
        var middleware = new RequestContentMiddleware(_ =>
        {
            isPassedOn = true;
            return Task.CompletedTask;
        });
        var context = new DefaultHttpContext { Request = { ContentType = contentType } };
        if (contentEncoding is not null)
        {
            context.Request.Headers.ContentEncoding = contentEncoding;
        }

        await middleware.InvokeAsync(context);
        return (context, isPassedOn);
    }

    private sealed record Days(DayOfWeek? First, int Page = 1);
}
