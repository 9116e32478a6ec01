using Acme.Shop.Dependencies;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Integration;

public sealed class JwtOptionsTests
{
    private const string Hex = "3f9c1e07ab52d864f01b7e3395ca6d2840b8e2175d9f6ac3871e04bd25f96a1c";

    [Theory]
    [InlineData("Jwt:SigningKey", "", "Jwt__SigningKey")]
    [InlineData("Jwt:SigningKey", "31 bytes are one byte too short", "Jwt__SigningKey")]
    [InlineData("Jwt:PreviousSigningKeys:0", "short", "Jwt__PreviousSigningKeys")]
    [InlineData("Jwt:Issuer", "", "Jwt__Issuer")]
    [InlineData("Jwt:Audience", "", "Jwt__Audience")]
    [InlineData("Jwt:AccessTokenMinutes", "0", "Jwt__AccessTokenMinutes")]
    [InlineData("Jwt:AccessTokenMinutes", "soon", "Jwt__AccessTokenMinutes")]
    [InlineData("Jwt:RefreshTokenDays", "-1", "Jwt__RefreshTokenDays")]
    [InlineData("Jwt:RefreshGraceSeconds", "-1", "Jwt__RefreshGraceSeconds")]
    [InlineData("Jwt:SessionDays", "0", "Jwt__SessionDays")]
    [InlineData("Jwt:MaxSessionsPerUser", "0", "Jwt__MaxSessionsPerUser")]
    [InlineData("Accounts:PasswordResetUrl", "/reset", "Accounts__PasswordResetUrl")]
    [InlineData("Accounts:PasswordResetUrl", "ftp://shop.example.com", "Accounts__PasswordResetUrl")]
    [InlineData("Accounts:PasswordResetUrl", "https://shop.example.com:99999/reset", "Accounts__PasswordResetUrl")]
    [InlineData("Accounts:PasswordResetUrl", "https://:80/reset", "Accounts__PasswordResetUrl")]
    [InlineData("Accounts:PasswordResetMinutes", "0", "Accounts__PasswordResetMinutes")]
    public void Outside_Development_a_wrong_or_missing_value_stops_the_start(string setting, string value, string name)
    {
        var failures = Validate((setting, value));

        Assert.StartsWith($"{name}: ", Assert.Single(failures), StringComparison.Ordinal);
        Assert.True(value.Length == 0 || !failures[0].Contains(value, StringComparison.Ordinal) || value is "0" or "-1" or "soon");
    }

    [Theory]
    [InlineData(Hex)]
    [InlineData("P5wBIHs0pHc3BVYnRwXB4AZg6sFQNHNUWnUlFhnYzKc=")]
    [InlineData("P5wBIHs0pHc3BVYnRwXB4AZg6sFQNHNUWnUlFhnYzKc")]
    [InlineData("P5wBIHs0p-c3BVYnRwXB4AZg6sFQNHNUWnUlFh_YzKc")]
    [InlineData("k;Q2v!m\u00e9}x8#Rb0&Zt4@Wc6^Lp1*Hd9%y")]
    public void A_key_of_256_bits_is_accepted_in_any_encoding(string key)
    {
        Assert.Empty(Validate(("Jwt:SigningKey", key)));
    }

    [Theory]
    [InlineData("3f9c1e07ab52d864f01b7e3395ca6d28", "128 bits of hexadecimal digits")]
    [InlineData("3f9c1e07ab52d864f01b7e3395ca6d2840b8e2175d9f6ac3871e04bd25f96a1", "252 bits of hexadecimal digits")]
    [InlineData("P5wBIHs0pHc3BVYnRwXB4AZg6sFQNHNU", "192 bits of base64")]
    [InlineData("P5wBIHs0pHc3BVYnRwXB4AZg6sFQNHNUWnUlFhnYzK", "252 bits of base64")]
    [InlineData("k;Q2v!m}x8#Rb0&Zt4@Wc6^Lp1*Hd9%", "31 bytes")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "one character")]
    [InlineData("3f9c1e07ab52d8643f9c1e07ab52d8643f9c1e07ab52d8643f9c1e07ab52d864", "repeated")]
    [InlineData("P5wBIHs0pHc3BVYnRwXB4P5wBIHs0pHc3BVYnRwXB4P5w", "repeated, and cut off")]
    [InlineData("0123456789abcdeffedcba98765432100123456789abcdeffedcba9876543211", "sequential")]
    [InlineData("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "sequential")]
    [InlineData("your-256-bit-secret-your-512-bit-key-0815", "published")]
    [InlineData("a-string-secret-at-least-256-bits-long", "published")]
    [InlineData("ChangeMe!ChangeMyKey!ChangeItNow!2026", "published")]
    [InlineData("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", "the one of RFC 7515")]
    public void A_key_that_can_be_guessed_stops_the_start(string key, string because)
    {
        var failure = Assert.Single(Validate(("Jwt:SigningKey", key)));

        Assert.StartsWith("Jwt__SigningKey: ", failure, StringComparison.Ordinal);
        Assert.False(failure.Contains(key, StringComparison.Ordinal), because);
    }

    [Fact]
    public void A_weak_key_is_reported_beside_other_wrong_settings()
    {
        var failures = Validate(
            ("Jwt:SigningKey", "short"), ("Jwt:PreviousSigningKeys:0", "short"), ("Jwt:Issuer", ""), ("Jwt:RefreshTokenDays", "0"));

        Assert.Equal(
            ["Jwt__Issuer", "Jwt__PreviousSigningKeys", "Jwt__RefreshTokenDays", "Jwt__SigningKey"],
            failures.Select(failure => failure.Split(':')[0]).Order());
    }

    private static string[] Validate(params (string Setting, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Configuration["Jwt:SigningKey"] = Accounts.SigningKey;
        builder.Configuration["Jwt:Issuer"] = "issuer";
        builder.Configuration["Jwt:Audience"] = "audience";
        foreach (var (setting, value) in settings)
        {
            builder.Configuration[setting] = value;
        }

        builder.Services.AddAuth();
        using var provider = builder.Services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }
}
