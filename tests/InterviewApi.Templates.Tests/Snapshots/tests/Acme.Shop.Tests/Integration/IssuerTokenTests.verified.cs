using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Acme.Shop.Core.Security;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

/// <summary>Which tokens are accepted, and what they say about the caller.</summary>
public sealed class IssuerTokenTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const long LongAgo = 1_600_000_000;
    private const long FarAhead = 4_000_000_000;

    private static readonly RsaSecurityKeyPair Attacker = new();

    private readonly HttpClient _client = api.CreateClient();

    public static TheoryData<string, Func<SignedToken, string>> Forgeries { get; } = new()
    {
        { "alg none", token => Header(token, "alg", "none").WithoutSignature() },
        { "alg none with the old signature", token => Header(token, "alg", "none").WithOldSignature() },
        { "HMAC with the public key as text", token => Header(token, "alg", "HS256").Sign(
            TestIssuer.Shared.Keys[0].Rsa.ExportSubjectPublicKeyInfoPem()) },
        { "HMAC with the modulus of the public key", token => Header(token, "alg", "HS256").Sign(content => HMACSHA256.HashData(
            TestIssuer.Shared.Keys[0].Rsa.ExportParameters(includePrivateParameters: false).Modulus!, content)) },
        { "another key", Attacker.Sign },
        { "another key that the token brings along", token => Attacker.Sign(Header(token, "jwk", Attacker.ToJson())) },
        { "another key at an address", token => Attacker.Sign(Header(token, "jku", "https://attacker.example.com/keys")) },
        { "an unknown key id", token => TestIssuer.Shared.Sign(Header(token, "kid", "other")) },
        { "no key id", token => TestIssuer.Shared.Sign(Header(token, "kid", null)) },
        { "another type", token => TestIssuer.Shared.Sign(Header(token, "typ", "logout+jwt")) },
        { "no type", token => TestIssuer.Shared.Sign(Header(token, "typ", null)) },
        { "tampered payload", token => Claim(token, "sub", "admin").WithOldSignature() },
        { "tampered signature", token => token.Sign(_ => new byte[256]) },
        { "no signature", token => token.WithoutSignature() },
        { "expired", token => TestIssuer.Shared.Sign(Claim(token, "exp", LongAgo)) },
        { "no expiry", token => TestIssuer.Shared.Sign(Claim(token, "exp", null)) },
        { "not yet valid", token => TestIssuer.Shared.Sign(Claim(token, "nbf", FarAhead)) },
        { "another issuer", token => TestIssuer.Shared.Sign(Claim(token, "iss", "https://attacker.example.com/")) },
        { "no issuer", token => TestIssuer.Shared.Sign(Claim(token, "iss", null)) },
        { "another audience", token => TestIssuer.Shared.Sign(Claim(token, "aud", "https://other.example.com")) },
        { "no audience", token => TestIssuer.Shared.Sign(Claim(token, "aud", null)) },
        { "no subject", token => TestIssuer.Shared.Sign(Claim(token, "sub", null)) },
        { "a subject that is too long", token => TestIssuer.Shared.Sign(Claim(token, "sub", new string('x', 256))) },
        { "a subject with a line break", token => TestIssuer.Shared.Sign(Claim(token, "sub", "user\nanother line")) },
        { "100 kB", token => TestIssuer.Shared.Sign(Claim(token, "filler", new string('x', 100_000))) },
    };

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("JWT")]
    public async Task A_token_that_the_issuer_has_signed_is_good(string type)
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        var response = await _client.GetMeAsync(TestIssuer.Shared.Sign(Header(new SignedToken(tokens.Access), "typ", type)));

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
    public async Task An_ID_token_is_no_access_token()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        await (await _client.GetMeAsync(tokens.Identity)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task It_expires_within_the_configured_skew()
    {
        await using var own = await new ApiFactory().With("Auth:ClockSkewSeconds", "10").StartAsync();
        var client = own.CreateClient();
        var tokens = await own.SignUpAsync(TestUser.Create());

        own.Time.Advance(TimeSpan.FromSeconds((15 * 60) + 5));
        Assert.Equal(HttpStatusCode.OK, (await client.GetMeAsync(tokens.Access)).StatusCode);

        own.Time.Advance(TimeSpan.FromSeconds(10));
        await (await client.GetMeAsync(tokens.Access)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task The_caller_is_who_the_token_says()
    {
        var user = TestUser.Create("admin", "buyer");
        var tokens = await api.SignUpAsync(user);

        var response = await _client.GetMeAsync(tokens.Access);

        var me = await response.ReadJsonAsync();
        Assert.Equal(user.Id, me.GetProperty("id").GetString());
        Assert.Equal(user.Username, me.GetProperty("username").GetString());
        Assert.Equal(user.Email, me.GetProperty("email").GetString());
        Assert.Equal(user.Roles, me.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task A_token_that_says_little_is_enough()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());
        var token = Claim(Claim(new SignedToken(tokens.Access), "preferred_username", null), "email", null);

        var me = await (await _client.GetMeAsync(TestIssuer.Shared.Sign(Claim(token, "nbf", null)))).ReadJsonAsync();

        Assert.Equal(token.Claims["sub"]!.ToString(), me.GetProperty("id").GetString());
        Assert.Empty(me.GetProperty("roles").EnumerateArray());
    }

    [Fact]
    public async Task The_roles_are_in_the_configured_claim()
    {
        await using var own = await new ApiFactory().With("Auth:RoleClaim", "https://example.com/roles").StartAsync();
        var token = new SignedToken((await own.SignUpAsync(TestUser.Create("ignored"))).Access);

        var response = await own.CreateClient().GetMeAsync(TestIssuer.Shared.Sign(Claim(token, "https://example.com/roles", "admin")));

        Assert.Equal("admin", Assert.Single((await response.ReadJsonAsync()).GetProperty("roles").EnumerateArray()).GetString());
    }

    [Theory]
    [InlineData("admin", HttpStatusCode.OK)]
    [InlineData("Admin", HttpStatusCode.Forbidden)]
    [InlineData("buyer", HttpStatusCode.Forbidden)]
    public async Task Only_an_administrator_passes_the_policy_and_others_are_logged(string role, HttpStatusCode expected)
    {
        using var log = new LogRecorder();
        await using var own = await new ApiFactory().With("Logging:LogLevel:Default", "Information").LogTo(log)
            .Configure(services => services.PostConfigure<AuthorizationOptions>(authorization =>
                authorization.DefaultPolicy = authorization.GetPolicy(CurrentUser.AdminRole)!))
            .StartAsync();
        var user = TestUser.Create(role);

        var response = await own.CreateClient().GetMeAsync((await own.SignUpAsync(user)).Access);

        Assert.Equal(expected, response.StatusCode);
        var denials = log.Lines.Where(line => line.EventId == 1013).ToList();
        Assert.Equal(expected == HttpStatusCode.OK ? 0 : 1, denials.Count);
        Assert.All(denials, line => Assert.Contains(user.Id, line.Message, StringComparison.Ordinal));
    }

    private static SignedToken Header(SignedToken token, string name, JsonNode? value) => Change(token, token.Header, name, value);

    private static SignedToken Claim(SignedToken token, string name, JsonNode? value) => Change(token, token.Claims, name, value);

    private static SignedToken Change(SignedToken token, JsonObject part, string name, JsonNode? value)
    {
        part.Remove(name);
        if (value is not null)
        {
            part[name] = value;
        }

        return token;
    }

    /// <summary>A key that the issuer does not know.</summary>
    private sealed class RsaSecurityKeyPair
    {
        private readonly RSA _rsa = RSA.Create(2048);

        public string Sign(SignedToken token) =>
            token.Sign(content => _rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

        public JsonObject ToJson() => new()
        {
            ["kty"] = "RSA",
            ["n"] = Base64Url.EncodeToString(_rsa.ExportParameters(includePrivateParameters: false).Modulus),
            ["e"] = Base64Url.EncodeToString(_rsa.ExportParameters(includePrivateParameters: false).Exponent),
        };
    }
}
