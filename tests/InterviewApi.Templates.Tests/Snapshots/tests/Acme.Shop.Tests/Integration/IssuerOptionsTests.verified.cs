using Acme.Shop.Dependencies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Integration;

public sealed class IssuerOptionsTests
{
    [Theory]
    [InlineData("Auth:Authority", "", "Auth__Authority")]
    [InlineData("Auth:Authority", "login.example.com", "Auth__Authority")]
    [InlineData("Auth:Authority", "/realms/shop", "Auth__Authority")]
    [InlineData("Auth:Authority", "file:///etc/passwd", "Auth__Authority")]
    [InlineData("Auth:Authority", "http://login.example.com", "Auth__Authority")]
    [InlineData("Auth:Authority", "https://login.example.com?realm=shop", "Auth__Authority")]
    [InlineData("Auth:Authority", "https://me@login.example.com", "Auth__Authority")]
    [InlineData("Auth:Audience", "", "Auth__Audience")]
    [InlineData("Auth:DocsClientId", "api", "Auth__Audience")]
    [InlineData("Auth:RoleClaim", "", "Auth__RoleClaim")]
    [InlineData("Auth:ClockSkewSeconds", "-1", "Auth__ClockSkewSeconds")]
    [InlineData("Auth:ClockSkewSeconds", "301", "Auth__ClockSkewSeconds")]
    [InlineData("Auth:ClockSkewSeconds", "soon", "Auth__ClockSkewSeconds")]
    public void A_wrong_or_missing_value_stops_the_start(string setting, string value, string name)
    {
        Assert.StartsWith($"{name}: ", Assert.Single(Validate(Environments.Production, (setting, value))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://login.example.com/realms/shop", "Production")]
    [InlineData("http://localhost:8080/realms/shop", "Production")]
    [InlineData("http://127.0.0.1:8080", "Production")]
    [InlineData("http://keycloak:8080/realms/shop", "Development")]
    public void An_authority_is_secure_or_for_development(string authority, string environment)
    {
        Assert.Empty(Validate(environment, ("Auth:Authority", authority)));
    }

    [Fact]
    public void Every_missing_value_is_reported()
    {
        var failures = Validate(Environments.Production, ("Auth:Authority", ""), ("Auth:Audience", ""));

        Assert.Equal(["Auth__Audience", "Auth__Authority"], failures.Select(failure => failure.Split(':')[0]).Order());
    }

    private static string[] Validate(string environment, params (string Setting, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration["Auth:Authority"] = "https://login.example.com";
        builder.Configuration["Auth:Audience"] = "api";
        foreach (var (setting, value) in settings)
        {
            builder.Configuration[setting] = value;
        }

        builder.Services.AddAuth();
        using var provider = builder.Services.BuildServiceProvider();
        try
        {
            _ = provider.GetRequiredService<IOptions<IssuerOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }
}
