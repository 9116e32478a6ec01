using System.Net;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class ProblemTests(ApiFactory api) : IClassFixture<ApiFactory>
{
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
}
