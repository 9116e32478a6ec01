using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using InterviewApi.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace InterviewApi.Tests.Integration;

public sealed class AccessTokenTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const long LongAgo = 1_600_000_000;
    private const long FarAhead = 4_000_000_000;
    private const string NewKey = "a key that took the place of the old one";

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
}
