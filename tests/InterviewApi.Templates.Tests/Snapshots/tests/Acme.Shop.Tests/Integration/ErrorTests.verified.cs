using System.Net;
using System.Text;
using System.Text.Json;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

/// <summary>Every error is a problem details document, whatever its cause.</summary>
public sealed class ErrorTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string Secret = "secret-7a2b";

    [Theory]
    [InlineData("/")]
    [InlineData("/unknown")]
    [InlineData("/api/v1/unknown")]
    [InlineData("/api/v3/unknown")]
    public async Task An_unknown_route_is_a_problem(string path)
    {
        var response = await api.CreateClient().GetAsync(path);

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_problem_is_written_whatever_the_client_accepts()
    {
        var response = await api.CreateClient().SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "/unknown").With("Accept", "text/html"));

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_problem_does_not_repeat_what_the_client_sent()
    {
        var response = await api.CreateClient().GetAsync("/unknown-5e1f?q=secret-7a2b");

        var text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("5e1f", text, StringComparison.Ordinal);
        Assert.DoesNotContain("7a2b", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trace_id_is_that_of_the_callers_trace_context()
    {
        const string traceId = "4bf92f3577b34da6a3ce929d0e0e4736";

        var response = await api.CreateClient().SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "/unknown").With("traceparent", $"00-{traceId}-00f067aa0ba902b7-01"));

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(traceId, problem.GetProperty("traceId").GetString());
    }

    [Fact]
    public async Task A_fault_is_a_500_that_says_nothing_about_it()
    {
        var (status, problem) = await HandleAsync(new InvalidOperationException(Secret));

        Assert.Equal(StatusCodes.Status500InternalServerError, status);
        Assert.DoesNotContain(Secret, problem, StringComparison.Ordinal);
        Assert.Contains("traceId", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_unavailable_is_a_503()
    {
        var (status, _) = await HandleAsync(new InvalidOperationException(Secret, TestDatabase.Unavailable(Secret)));

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, status);
    }

    [Fact]
    public async Task A_request_that_the_shutdown_cuts_short_is_a_503()
    {
        var (status, _) = await HandleAsync(new OperationCanceledException());

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, status);
    }

    [Fact]
    public async Task A_client_that_left_is_not_answered()
    {
        var (status, problem) = await HandleAsync(new OperationCanceledException(), clientLeft: true);

        Assert.Equal(StatusCodes.Status499ClientClosedRequest, status);
        Assert.Empty(problem);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_a_413()
    {
        var (status, _) = await HandleAsync(new BadHttpRequestException(Secret, StatusCodes.Status413PayloadTooLarge));

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, status);
    }

    [Theory]
    [InlineData("{", "$")]
    [InlineData("""{"amount":"secret-7a2b"}""", "amount")]
    public async Task A_body_that_cannot_be_read_is_named_by_its_field(string body, string field)
    {
        var reason = Assert.ThrowsAny<JsonException>(
            () => JsonSerializer.Deserialize<Dictionary<string, int>>(body));

        var (status, problem) = await HandleAsync(new BadHttpRequestException(Secret, reason));

        Assert.Equal(StatusCodes.Status400BadRequest, status);
        Assert.Equal([field], FieldsOf(problem));
        Assert.DoesNotContain(Secret, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""Failed to bind parameter "int limit" from "secret-7a2b".""", "limit")]
    [InlineData("""Required parameter "string name" was not provided from query string.""", "name")]
    [InlineData("Implicit body inferred, but no body was provided.", "$")]
    public async Task A_parameter_that_cannot_be_bound_is_named(string message, string field)
    {
        var (status, problem) = await HandleAsync(new BadHttpRequestException(message));

        Assert.Equal(StatusCodes.Status400BadRequest, status);
        Assert.Equal([field], FieldsOf(problem));
        Assert.DoesNotContain(Secret, problem, StringComparison.Ordinal);
    }

    private static IEnumerable<string> FieldsOf(string problem) =>
        JsonDocument.Parse(problem).RootElement.GetProperty("errors").EnumerateObject().Select(error => error.Name);

    private async Task<(int Status, string Problem)> HandleAsync(Exception exception, bool clientLeft = false)
    {
        await using var scope = api.Services.CreateAsyncScope();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext
        {
            RequestServices = scope.ServiceProvider,
            RequestAborted = new CancellationToken(clientLeft),
        };
        context.Response.Body = body;

        var app = new ApplicationBuilder(scope.ServiceProvider);
        app.UseExceptionHandler();
        app.Run(_ => throw exception);
        await app.Build()(context);

        return (context.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray()));
    }
}
