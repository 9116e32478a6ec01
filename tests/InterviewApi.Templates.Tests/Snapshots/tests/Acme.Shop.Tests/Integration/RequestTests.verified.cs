using System.Text.Json;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Integration;

/// <summary>What every request gets, such as an id and security headers, and what any endpoint may rely on.</summary>
public sealed class RequestTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Theory]
    [InlineData("a")]
    [InlineData("Order.42_retry-1")]
    public async Task An_acceptable_id_is_kept(string id)
    {
        Assert.Equal(id, await AnsweredIdAsync(id));
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("with/slash")]
    [InlineData("<script>")]
    [InlineData("ü")]
    public async Task Another_id_is_replaced(string id)
    {
        var answered = await AnsweredIdAsync(id);

        Assert.NotEqual(id, answered);
        Assert.Matches("^[0-9a-f]{32}$", answered);
    }

    [Fact]
    public async Task The_longest_id_has_128_characters()
    {
        var longest = new string('a', 128);

        Assert.Equal(longest, await AnsweredIdAsync(longest));
        Assert.NotEqual(longest + "a", await AnsweredIdAsync(longest + "a"));
    }

    [Fact]
    public async Task Requests_without_an_id_get_different_ones()
    {
        Assert.NotEqual(await AnsweredIdAsync(null), await AnsweredIdAsync(null));
    }

    [Fact]
    public async Task Each_line_of_a_request_carries_its_ids()
    {
        const string requestId = "order-4711";
        const string traceId = "0af7651916cd43dd8448eb211c80319c";
        var log = new LogRecorder();
        await using var logged = await new ApiFactory().With("Logging:LogLevel:Default", "Information").LogTo(log).StartAsync();

        await logged.CreateClient().SendAsync(new HttpRequestMessage(HttpMethod.Get, "/unknown%0Aforged")
            .With("X-Request-ID", requestId)
            .With("traceparent", $"00-{traceId}-b7ad6b7169203331-01"));

        var line = Assert.Single(log.Lines, line => line.Message.Contains("answered 404", StringComparison.Ordinal));
        Assert.Contains(requestId, line.Scopes, StringComparison.Ordinal);
        Assert.Contains(traceId, line.Scopes, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line.Message);
    }

    [Theory]
    [InlineData("/health/live", "localhost")]
    [InlineData("/unknown", "localhost")]
    [InlineData("/unknown", "evil.example")]
    public async Task Every_response_has_security_headers(string path, string host)
    {
        var response = await api.CreateClient().SendAsync(
            new HttpRequestMessage(HttpMethod.Get, path).With("Host", host));

        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.NotEmpty(response.Headers.GetValues("X-Request-ID").Single());
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public void An_enum_is_one_of_its_names_in_JSON()
    {
        var json = api.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;

        Assert.Equal("\"Friday\"", JsonSerializer.Serialize(DayOfWeek.Friday, json));
        Assert.Equal("{\"Friday\":5}", JsonSerializer.Serialize(new Dictionary<DayOfWeek, int> { [DayOfWeek.Friday] = 5 }, json));
        Assert.Equal(DayOfWeek.Friday, JsonSerializer.Deserialize<DayOfWeek>("\"friday\"", json));
        Assert.All(
            ["5", "\"5\"", "\"Monday, Tuesday\"", "\"Monday,Saturday\"", "\"\"", "null"],
            text => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<DayOfWeek>(text, json)));
    }

    [Fact]
    public void A_form_needs_no_antiforgery_token()
    {
        var endpoints = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal));

        Assert.All(endpoints, endpoint => Assert.False(endpoint.Metadata.GetRequiredMetadata<IAntiforgeryMetadata>().RequiresValidation));
    }

    [Fact]
    public void The_endpoints_are_built_once_for_all_that_read_them()
    {
        var endpoints = (CompositeEndpointDataSource)api.Services.GetRequiredService<EndpointDataSource>();

        Assert.IsType<DefaultEndpointDataSource>(Assert.Single(endpoints.DataSources));
    }

    private async Task<string> AnsweredIdAsync(string? id)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        if (id is not null)
        {
            request.With("X-Request-ID", id);
        }

        var response = await api.CreateClient().SendAsync(request);
        return Assert.Single(response.Headers.GetValues("X-Request-ID"));
    }
}
