using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Acme.Shop.Core.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Acme.Shop.Tests.Support;

/// <summary>A user of the issuer.</summary>
public sealed record TestUser(string Id, string Username, string Email, params string[] Roles)
{
    /// <summary>A user that no other test knows.</summary>
    public static TestUser Create(params string[] roles)
    {
        var name = $"user-{Guid.NewGuid():N}";
        return new($"{Guid.NewGuid()}", name, $"{name}@example.com", roles);
    }
}

/// <summary>What the issuer hands out to a client that has signed a user in.</summary>
public sealed record Tokens(string Access, string Identity);

/// <summary>An OpenID Connect provider on a free port of this machine. It believes every name.</summary>
public sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "https://api.example.com";
    public const string ClientId = "docs";

    private const string Callback = "http://localhost/docs/oauth2-redirect.html";
    private const string Discovery = "/.well-known/openid-configuration";

    private static readonly Lazy<TestIssuer> Lazily = new(() => Task.Run(() => StartAsync()).GetAwaiter().GetResult());
    private static readonly HttpClient Client = new(new HttpClientHandler { AllowAutoRedirect = false });

    private readonly ConcurrentDictionary<string, TestUser> _users = new();
    private WebApplication? _application;
    private int _discoveries;

    private TestIssuer()
    {
    }

    /// <value>The issuer of all tests that need no other one.</value>
    public static TestIssuer Shared => Lazily.Value;

    public string Url { get; private set; } = "http://127.0.0.1:0";

    /// <value>The keys, of which the first one signs.</value>
    public IReadOnlyList<RsaSecurityKey> Keys { get; private set; } = [CreateKey()];

    /// <value>How long a request for the keys takes.</value>
    public TimeSpan Delay { get; set; }

    /// <value>How often its keys were asked for.</value>
    public int Discoveries => _discoveries;

    public static RsaSecurityKey CreateKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };

    public static async Task<TestIssuer> StartAsync()
    {
        var issuer = new TestIssuer();
        await issuer.RestartAsync();
        return issuer;
    }

    /// <summary>Starts again at the same address, perhaps with other keys.</summary>
    public async Task RestartAsync(params RsaSecurityKey[] keys)
    {
        await StopAsync();
        Keys = keys is [] ? Keys : keys;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(Url);
        builder.Services.AddRoutingCore().AddOpenIddict().AddServer(Configure);
        _application = builder.Build();
        _application.Use(async (context, next) =>
        {
            if (context.Request.Path == Discovery)
            {
                Interlocked.Increment(ref _discoveries);
                await Task.Delay(Delay, context.RequestAborted);
            }

            await next(context);
        });
        _application.UseAuthentication();
        await _application.StartAsync();
        Url = _application.Urls.Single();
    }

    public async Task StopAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
            _application = null;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>Signs a user in as a browser does: authorization code with PKCE.</summary>
    public async Task<Tokens> SignInAsync(TestUser user)
    {
        _users[user.Username] = user;
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var login = await Client.GetAsync(QueryHelpers.AddQueryString($"{Url}/authorize", new Dictionary<string, string?>
        {
            ["client_id"] = ClientId,
            ["redirect_uri"] = Callback,
            ["response_type"] = "code",
            ["scope"] = "openid",
            ["login_hint"] = user.Username,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
        }));
        var answer = await Client.PostAsync($"{Url}/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = ClientId,
            ["redirect_uri"] = Callback,
            ["grant_type"] = "authorization_code",
            ["code"] = QueryHelpers.ParseQuery(login.Headers.Location!.Query)["code"].ToString(),
            ["code_verifier"] = verifier,
        }));
        var tokens = await answer.ReadJsonAsync();
        return new(tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("id_token").GetString()!);
    }

    /// <summary>Signs a changed token again, as only the issuer can.</summary>
    public string Sign(SignedToken token) =>
        token.Sign(content => Keys[0].Rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    // In degraded mode, the server stores nothing and leaves it to its events who is known.
    private void Configure(OpenIddictServerBuilder server)
    {
        server.EnableDegradedMode();
        server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token");
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
        server.SetAccessTokenLifetime(TimeSpan.FromMinutes(15)).DisableAccessTokenEncryption();
        server.AddEphemeralEncryptionKey();
        foreach (var key in Keys)
        {
            server.AddSigningKey(key);
        }

        server.UseAspNetCore().DisableTransportSecurityRequirement();
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context is not { ClientId: ClientId, RedirectUri: Callback })
            {
                context.Reject("invalid_client");
            }

            return ValueTask.CompletedTask;
        }));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId != ClientId)
            {
                context.Reject("invalid_client");
            }

            return ValueTask.CompletedTask;
        }));
        server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            context.SignIn(new ClaimsPrincipal(Describe(_users[context.Request.LoginHint!])));
            return ValueTask.CompletedTask;
        }));
    }

    private static ClaimsIdentity Describe(TestUser user)
    {
        var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType);
        identity.SetClaim("sub", user.Id)
            .SetClaim("preferred_username", user.Username)
            .SetClaim("email", user.Email)
            .SetClaims("roles", [.. user.Roles]);
        identity.SetScopes("openid").SetResources(Audience);
        identity.SetDestinations(_ => ["access_token", "id_token"]);
        return identity;
    }
}

/// <summary>Applications whose users the issuer signs in.</summary>
public static class TestUsers
{
    public static void UseTestUsers(this IWebHostBuilder host)
    {
        host.UseSetting("Auth:Authority", TestIssuer.Shared.Url);
        host.UseSetting("Auth:Audience", TestIssuer.Audience);
    }

    /// <summary>A client that is signed in as a new user.</summary>
    public static async Task<HttpClient> CreateClientForAsync(this ApiFactory api, TestUser user)
    {
        var tokens = await api.SignUpAsync(user);
        var client = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.Access);
        return client;
    }

    /// <summary>Signs a new user in, when the application has the keys: on a busy machine its first attempt may fail.</summary>
    public static async Task<Tokens> SignUpAsync(this ApiFactory api, TestUser user)
    {
        var keys = api.Services.GetRequiredService<IssuerKeys>();
        await Eventually.HoldsAsync(() => keys.AreLoaded);
        return await TestIssuer.Shared.SignInAsync(user);
    }
}
