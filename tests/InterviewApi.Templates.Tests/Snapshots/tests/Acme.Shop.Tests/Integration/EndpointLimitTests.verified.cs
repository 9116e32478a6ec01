using System.Net;
using Acme.Shop.Core.RateLimiting;
using Acme.Shop.Dependencies;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

/// <summary>An endpoint with a limit of its own, as docs/rate-limits.md describes it.</summary>
public sealed class EndpointLimitTests
{
    [Fact]
    public async Task An_endpoint_that_requires_a_limit_counts_against_no_other()
    {
        await using var app = Build();
        await app.StartAsync();
        var client = app.GetTestClient();

        var response = await client.GetAsync("/reports");

        Assert.Equal("\"reports\";q=20;w=60", response.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal(19, response.RateLimit("r"));
        Assert.Equal(99, (await client.GetAsync("/anything")).RateLimit("r"));
    }

    [Fact]
    public async Task The_setting_overrides_the_default_number()
    {
        await using var app = Build(("RateLimiting:Reports:PermitLimit", "1"));
        await app.StartAsync();
        var client = app.GetTestClient();
        await client.GetAsync("/reports");

        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.GetAsync("/reports")).StatusCode);
    }

    private static string GetReports() => "";

    private static WebApplication Build(params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        foreach (var (name, value) in settings)
        {
            builder.Configuration[name] = value;
        }

        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddAllowedOrigins();
        services.AddRateLimiting();

        // In memory, so that no other test counts here.
        services.AddSingleton<RateLimitCounter>();
        services.AddRateLimit("reports", "RateLimiting:Reports:PermitLimit", 20);
        var app = builder.Build();
        app.UseRateLimiter();
        app.MapGet("/reports", GetReports).RequireRateLimiting("reports");
        return app;
    }
}
