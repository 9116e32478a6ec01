using System.Globalization;
using System.Net;
using Acme.Shop.Dependencies;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Integration;

public sealed class RateLimitTests
{
    private const string Origin = "https://app.example.com";

    [Fact]
    public async Task Concurrent_requests_are_admitted_up_to_the_limit_exactly()
    {
        await using var api = await new ApiFactory().WithLimit(20).StartAsync();
        var client = api.CreateClient();

        var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.GetAsync("/anything")));

        Assert.Equal(80, responses.Count(response => response.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task A_refusal_is_a_problem_and_says_when_to_come_back()
    {
        await using var api = await new ApiFactory().WithLimit(1, windowSeconds: 2).StartAsync();
        var client = api.CreateClient();

        // On a busy machine, the window may pass before the second request.
        var refusal = await client.GetAsync("/anything");
        for (var attempt = 1; attempt < 20 && refusal.StatusCode != HttpStatusCode.TooManyRequests; attempt++)
        {
            refusal = await client.GetAsync("/anything");
        }

        await refusal.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal(0, refusal.RateLimit("r"));
        var wait = refusal.Headers.RetryAfter!.Delta!.Value;
        Assert.InRange(wait.TotalSeconds, 1, 2);
        await Task.Delay(wait);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/anything")).StatusCode);
    }

    [Fact]
    public async Task Refusals_are_measured_by_policy()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var api = await receiver.CreateApi().WithLimit(1).StartAsync();
        var client = api.CreateClient();

        await client.GetAsync("/anything");
        await client.GetAsync("/anything");

        await receiver.WaitForMetricAsync("rate_limit.rejections", "default");
    }

    [Fact]
    public async Task Every_limited_response_says_what_is_left()
    {
        await using var api = await new ApiFactory().WithLimit(3, windowSeconds: 90).StartAsync();

        var response = await api.CreateClient().GetAsync("/anything");

        Assert.Equal("\"default\";q=3;w=90", response.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal(2, response.RateLimit("r"));
        Assert.InRange(response.RateLimit("t"), 89, 90);
        Assert.Null(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Another_path_is_no_new_count()
    {
        await using var api = await new ApiFactory().WithLimit(2).StartAsync();
        var client = api.CreateClient();
        await client.GetAsync("/api/v1/one");
        await client.GetAsync("/API/v1/two/?x=1");

        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Health_checks_and_preflights_are_not_limited()
    {
        await using var api = await new ApiFactory().WithLimit(1).With("Cors:AllowedOrigins:0", Origin).StartAsync();
        var client = api.CreateClient();
        await client.GetAsync("/anything");

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
            var preflight = await client.SendAsync(new HttpRequestMessage(HttpMethod.Options, "/anything")
                .With("Origin", Origin)
                .With("Access-Control-Request-Method", "GET"));
            Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        }
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_may_read_what_is_left()
    {
        await using var api = await new ApiFactory().With("Cors:AllowedOrigins:0", Origin).StartAsync();

        var response = await api.CreateClient().SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "/anything").With("Origin", Origin));

        var exposed = response.Headers.GetValues("Access-Control-Expose-Headers").Single().Split(',');
        Assert.Contains("RateLimit", exposed);
        Assert.Contains("RateLimit-Policy", exposed);
    }

    [Fact]
    public async Task A_caller_cannot_choose_another_address()
    {
        await using var api = await new ApiFactory().OnNetwork().WithLimit(1).StartAsync();
        var client = api.CreateClient();
        await client.SendAsync(From("192.0.2.1"));

        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.SendAsync(From("192.0.2.2"))).StatusCode);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2", HttpStatusCode.NotFound)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", HttpStatusCode.TooManyRequests)]
    [InlineData("2001:db8::1", "2001:db8::2", HttpStatusCode.TooManyRequests)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", HttpStatusCode.NotFound)]
    public async Task Behind_a_known_proxy_each_address_has_its_own_count(
        string first, string second, HttpStatusCode expected)
    {
        await using var api = await new ApiFactory()
            .OnNetwork().WithLimit(1).With("ForwardedHeaders:KnownProxies:0", "127.0.0.1").StartAsync();
        var client = api.CreateClient();
        await client.SendAsync(From(first));

        Assert.Equal(expected, (await client.SendAsync(From(second))).StatusCode);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("{0}, 10.0.0.3")]
    [InlineData("{0}, 10.0.0.2, 10.0.0.3")]
    public async Task Behind_one_two_or_three_known_proxies_each_client_has_its_own_count(string forwarded)
    {
        await using var api = await new ApiFactory().OnNetwork().WithLimit(1)
            .With("ForwardedHeaders:KnownProxies:0", "127.0.0.1")
            .With("ForwardedHeaders:KnownProxies:1", "10.0.0.2")
            .With("ForwardedHeaders:KnownNetworks:0", "10.0.0.3/32").StartAsync();
        var client = api.CreateClient();

        for (var number = 1; number <= 6; number++)
        {
            var address = string.Format(CultureInfo.InvariantCulture, forwarded, $"192.0.2.{number}");
            Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync(From(address))).StatusCode);

            // Whatever the client itself wrote stands further to the left.
            Assert.Equal(
                HttpStatusCode.TooManyRequests, (await client.SendAsync(From($"10.0.0.2, 203.0.113.{number}, {address}"))).StatusCode);
        }
    }

    [Fact]
    public async Task A_limit_that_is_reached_is_logged_once_for_each_client_and_window()
    {
        using var log = new LogRecorder();
        await using var api = await new ApiFactory()
            .OnNetwork().WithLimit(2).With("ForwardedHeaders:KnownProxies:0", "127.0.0.1").LogTo(log).StartAsync();
        var client = api.CreateClient();

        for (var number = 0; number < 20; number++)
        {
            await client.SendAsync(From($"192.0.2.{1 + (number % 2)}"));
        }

        Assert.Equal(
            ["192.0.2.1", "192.0.2.2"],
            Reported().Select(line => line.Split("from ")[1].Trim(' ', '.')).Order(StringComparer.Ordinal));

        api.Time.Advance(TimeSpan.FromSeconds(61));
        for (var number = 0; number < 5; number++)
        {
            await client.SendAsync(From("192.0.2.1"));
        }

        Assert.Contains("default", Reported().Last(), StringComparison.Ordinal);

        IEnumerable<string> Reported() => log.Lines
            .Select(line => line.Message)
            .Where(message => message.Contains("reached by", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PermitLimit", "0")]
    [InlineData("PermitLimit", "many")]
    [InlineData("PermitLimit", "")]
    [InlineData("PermitLimit", "2147483648")]
    [InlineData("WindowSeconds", "-1")]
    [InlineData("WindowSeconds", "100000")]
    public void A_wrong_limit_is_reported_by_its_name(string setting, string value)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { [$"RateLimiting:{setting}"] = value });
        builder.Services.AddRateLimiting();
        using var provider = builder.Services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(
            () => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.StartsWith($"RateLimiting__{setting}: ", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    private static HttpRequestMessage From(string address) =>
        new HttpRequestMessage(HttpMethod.Get, "/anything").With("X-Forwarded-For", address);
}
