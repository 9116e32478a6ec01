using System.Net;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Dependencies;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Integration;

public sealed class SigningKeyTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string NewKey = "a key that took the place of the old one";

    [Fact]
    public async Task A_previous_key_is_accepted_and_signs_no_more()
    {
        await using var rotated = OnSameDatabase()
            .With("Jwt:SigningKey", NewKey)
            .With("Jwt:PreviousSigningKeys:0", Accounts.SigningKey);
        var client = rotated.CreateClient();
        var tokens = await api.SignUpAsync(TestUser.Create());

        Assert.Equal(HttpStatusCode.OK, (await client.GetMeAsync(tokens.Access)).StatusCode);
        var fresh = await (await client.RefreshAsync(tokens.Refresh)).ReadTokensAsync();

        Assert.NotEqual(KeyIdOf(tokens), KeyIdOf(fresh));
        var signedAlike = new SignedToken(fresh.Access).Sign(NewKey);
        Assert.Equal(HttpStatusCode.OK, (await client.GetMeAsync(signedAlike)).StatusCode);
    }

    [Fact]
    public async Task A_key_that_is_no_longer_configured_is_refused()
    {
        await using var rotated = OnSameDatabase().With("Jwt:SigningKey", NewKey);
        var tokens = await api.SignUpAsync(TestUser.Create());

        await (await rotated.CreateClient().GetMeAsync(tokens.Access)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task Development_makes_a_key_for_the_run_and_says_so()
    {
        var log = new LogRecorder();
        await using var development = OnSameDatabase().In(Environments.Development).With("Jwt:SigningKey", "").LogTo(log);

        var tokens = await development.SignUpAsync(TestUser.Create());

        Assert.Equal(HttpStatusCode.OK, (await development.CreateClient().GetMeAsync(tokens.Access)).StatusCode);
        Assert.Single(log.Lines, line => line.Message.Contains("Jwt__SigningKey is not set", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Jwt:SigningKey", "", "Jwt__SigningKey")]
    [InlineData("Jwt:SigningKey", "31 bytes are one byte too short", "Jwt__SigningKey")]
    [InlineData("Jwt:PreviousSigningKeys:0", "short", "Jwt__PreviousSigningKeys")]
    [InlineData("Jwt:Issuer", "", "Jwt__Issuer")]
    [InlineData("Jwt:Audience", "", "Jwt__Audience")]
    [InlineData("Jwt:AccessTokenMinutes", "0", "Jwt__AccessTokenMinutes")]
    [InlineData("Jwt:AccessTokenMinutes", "soon", "Jwt__AccessTokenMinutes")]
    [InlineData("Jwt:RefreshTokenDays", "-1", "Jwt__RefreshTokenDays")]
    public void Outside_Development_a_wrong_or_missing_value_stops_the_start(string setting, string value, string name)
    {
        var failures = Validate(setting, value);

        Assert.StartsWith($"{name}: ", Assert.Single(failures), StringComparison.Ordinal);
        Assert.True(value.Length == 0 || !failures[0].Contains(value, StringComparison.Ordinal) || value is "0" or "-1" or "soon");
    }

    private static string[] Validate(string setting, string value)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Jwt:SigningKey"] = Accounts.SigningKey,
            ["Jwt:Issuer"] = "issuer",
            ["Jwt:Audience"] = "audience",
            [setting] = value,
        });
        builder.Services.AddAuth();
        using var provider = builder.Services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<JwtOptions>>();
        return [.. Assert.Throws<OptionsValidationException>(() => options.Value).Failures];
    }

    private static string KeyIdOf(Tokens tokens) => new SignedToken(tokens.Access).Header["kid"]!.ToString();

    private ApiFactory OnSameDatabase() => new ApiFactory().With(
        "ConnectionStrings:Database", api.Services.GetRequiredService<IConfiguration>()["ConnectionStrings:Database"]);
}
