using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using InterviewApi.Core.Security;
using InterviewApi.Dependencies;
using InterviewApi.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace InterviewApi.Tests.Integration;

/// <summary>Access tokens, and the settings that they are signed by.</summary>
public sealed class AccessTokenTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const long LongAgo = 1_600_000_000;
    private const long FarAhead = 4_000_000_000;
    private const string NewKey = "a key that took the place of the old one";
    private const string Hex = "3f9c1e07ab52d864f01b7e3395ca6d2840b8e2175d9f6ac3871e04bd25f96a1c";

    private readonly HttpClient _client = api.CreateClient();

    public static TheoryData<string, Func<SignedToken, string>> Forgeries { get; } = new()
    {
        { "alg none", token => Change(token, header => header["alg"] = "none").WithoutSignature() },
        { "alg none with the old signature", token => Change(token, header => header["alg"] = "none").WithOldSignature() },
        { "another algorithm with the right key", token => Change(token, header => header["alg"] = "HS512").Sign(
            content => HMACSHA512.HashData(Encoding.UTF8.GetBytes(Accounts.SigningKey), content)) },
        { "key confusion", SignWithOwnKey },
        { "another key", token => token.Sign(new string('k', 64)) },
        { "an unknown key id", token => Change(token, header => header["kid"] = "other").Sign(Accounts.SigningKey) },
        { "no key id", token => Change(token, header => header.Remove("kid")).Sign(Accounts.SigningKey) },
        { "another type", token => Change(token, header => header["typ"] = "JWT").Sign(Accounts.SigningKey) },
        { "tampered payload", token => Claim(token, "preferred_username", "admin").WithOldSignature() },
        { "tampered signature", token => token.Sign(_ => new byte[32]) },
        { "no signature", token => token.WithoutSignature() },
        { "expired", token => Claim(token, "exp", LongAgo).Sign(Accounts.SigningKey) },
        { "no expiry", token => Claim(token, "exp", null).Sign(Accounts.SigningKey) },
        { "not yet valid", token => Claim(token, "nbf", FarAhead).Sign(Accounts.SigningKey) },
        { "wrong issuer", token => Claim(token, "iss", "somebody").Sign(Accounts.SigningKey) },
        { "no issuer", token => Claim(token, "iss", null).Sign(Accounts.SigningKey) },
        { "wrong audience", token => Claim(token, "aud", "something").Sign(Accounts.SigningKey) },
        { "no audience", token => Claim(token, "aud", null).Sign(Accounts.SigningKey) },
        { "missing sub", token => Claim(token, "sub", null).Sign(Accounts.SigningKey) },
        { "another sub", token => Claim(token, "sub", Guid.NewGuid().ToString()).Sign(Accounts.SigningKey) },
        { "a sub that is no id", token => Claim(token, "sub", "admin").Sign(Accounts.SigningKey) },
        { "missing sid", token => Claim(token, "sid", null).Sign(Accounts.SigningKey) },
        { "an unknown sid", token => Claim(token, "sid", "other").Sign(Accounts.SigningKey) },
        { "100 kB", token => Claim(token, "filler", new string('x', 100_000)).Sign(Accounts.SigningKey) },
    };

    [Fact]
    public async Task A_token_that_is_signed_again_without_a_change_is_good()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        var response = await _client.GetMeAsync(new SignedToken(tokens.Access).Sign(Accounts.SigningKey));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_forged_token_is_refused(string forgery, Func<SignedToken, string> forge)
    {
        var tokens = await api.SignUpAsync(TestUser.Create());
        var token = forge(new SignedToken(tokens.Access));

        var response = await _client.GetMeAsync(token);

        var problem = await response.ShouldBeUnauthorizedAsync();
        Assert.Equal("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
        Assert.False(problem.ToString().Contains(token, StringComparison.Ordinal), forgery);
    }

    [Fact]
    public async Task It_says_who_for_whom_and_how_long()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        var token = new SignedToken(tokens.Access);

        Assert.Equal("HS256", (string?)token.Header["alg"]);
        Assert.NotNull(token.Header["kid"]);
        Assert.NotNull(token.Claims["sub"]);
        Assert.NotNull(token.Claims["jti"]);
        Assert.Equal(15 * 60, (long)token.Claims["exp"]! - (long)token.Claims["iat"]!);
    }

    [Fact]
    public async Task It_expires_within_the_stated_skew()
    {
        await using var own = await new ApiFactory().StartAsync();
        var client = own.CreateClient();
        var tokens = await own.SignUpAsync(TestUser.Create());

        own.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(HttpStatusCode.OK, (await client.GetMeAsync(tokens.Access)).StatusCode);

        own.Time.Advance(TimeSpan.FromSeconds(30));
        await (await client.GetMeAsync(tokens.Access)).ShouldBeUnauthorizedAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(tokens.Refresh)).StatusCode);
    }

    [Fact]
    public async Task A_refresh_token_is_no_access_token()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        await (await _client.GetMeAsync(tokens.Refresh)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task An_access_token_is_no_refresh_token()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        await (await _client.RefreshAsync(tokens.Access)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task Logout_needs_a_token()
    {
        await (await _client.PostAsync(Accounts.Logout, null)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_request_without_a_token_is_refused()
    {
        var response = await _client.GetAsync(Accounts.Me);

        await response.ShouldBeUnauthorizedAsync();
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Random_text_is_refused()
    {
        const string characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_=+/{}\"' ,;";
        var random = new Random(4711);

        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var text = new string(random.GetItems<char>(characters, random.Next(0, 200)));
            var response = await _client.GetMeAsync(text);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{text} -> {response.StatusCode}");
        }
    }

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
    public async Task Development_creates_a_key_for_the_run_and_says_so()
    {
        using var log = new LogRecorder();
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
    [InlineData("Jwt:RefreshGraceSeconds", "-1", "Jwt__RefreshGraceSeconds")]
    [InlineData("Jwt:SessionDays", "0", "Jwt__SessionDays")]
    [InlineData("Jwt:MaxSessionsPerUser", "0", "Jwt__MaxSessionsPerUser")]
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

    private static string KeyIdOf(Tokens tokens) => new SignedToken(tokens.Access).Header["kid"]!.ToString();

    private static SignedToken Change(SignedToken token, Action<JsonObject> change)
    {
        change(token.Header);
        return token;
    }

    private static SignedToken Claim(SignedToken token, string name, JsonNode? value)
    {
        token.Claims.Remove(name);
        if (value is not null)
        {
            token.Claims[name] = value;
        }

        return token;
    }

    // The token brings the public key along that is supposed to check it.
    private static string SignWithOwnKey(SignedToken token)
    {
        using var rsa = RSA.Create(2048);
        var key = rsa.ExportParameters(includePrivateParameters: false);
        token.Header["alg"] = "RS256";
        token.Header["jwk"] = new JsonObject
        {
            ["kty"] = "RSA",
            ["n"] = Base64Url.EncodeToString(key.Modulus),
            ["e"] = Base64Url.EncodeToString(key.Exponent),
        };
        return token.Sign(content => rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private ApiFactory OnSameDatabase() => new ApiFactory().With(
        "ConnectionStrings:Database", api.Services.GetRequiredService<IConfiguration>()["ConnectionStrings:Database"]);

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
            _ = provider.GetRequiredService<IOptions<JwtOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }
}
