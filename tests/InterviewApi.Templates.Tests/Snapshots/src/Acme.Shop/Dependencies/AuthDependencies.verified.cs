@@ auth=oidc|none
using System.Security.Claims;
@@ auth=jwt|none
using Acme.Shop.Core.Email;
@@ always
using Acme.Shop.Core.Security;
@@ auth=jwt|none
using Acme.Shop.Events;
using Acme.Shop.Models;
using Acme.Shop.Repositories;
using Acme.Shop.Services;
@@ always
using Microsoft.AspNetCore.Authentication.JwtBearer;
@@ auth=oidc|none
using Microsoft.Extensions.Diagnostics.HealthChecks;
@@ auth=jwt|none
using Microsoft.AspNetCore.Identity;
@@ always
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
@@ auth=oidc|none
using Swashbuckle.AspNetCore.SwaggerUI;
@@ always

namespace Acme.Shop.Dependencies;

@@ auth=oidc|none
/// <summary>The identity provider whose access tokens are accepted.</summary>
public sealed class IssuerOptions
{
    /// <value>The URL of the issuer, without <c>/.well-known/openid-configuration</c>.</value>
    public string Authority { get; set; } = "";

    /// <value>The name of this API in the <c>aud</c> claim of access tokens.</value>
    [Required]
    public string Audience { get; set; } = "";

    /// <value>The claim that lists the roles of a user. The default is roles.</value>
    [Required]
    public string RoleClaim { get; set; } = "roles";

    /// <value>The tolerated difference to the clock of the issuer, in seconds. The default is 30.</value>
    [Range(0, 300)]
    public int ClockSkewSeconds { get; set; } = 30;

    /// <value>The public client with which <c>/docs</c> signs in. Empty for none.</value>
    public string DocsClientId { get; set; } = "";

    /// <value>The scopes that <c>/docs</c> requests, separated by spaces. The default is openid.</value>
    public string DocsScopes { get; set; } = "openid";

    /// <summary>Whether the authority is an HTTPS URL; plain HTTP is for Development and for this machine.</summary>
    public bool HasSafeAuthority(bool isDevelopment) => Uri.TryCreate(Authority, UriKind.Absolute, out var url)
        && url is { UserInfo: "", Query: "", Fragment: "" }
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && (isDevelopment || url.IsLoopback)));
}

/// <summary>Authentication by access tokens of an OpenID Connect provider.</summary>
@@ auth=jwt|none
/// <summary>Accounts, sessions, and authentication by JWT access tokens.</summary>
@@ always
public static class AuthDependencies
{
@@ auth=oidc|none
    private const int MaxTokenBytes = 16 * 1024;
    private const int MaxSubjectLength = 255;

    // The types of RFC 9068, and the one from providers that do not follow it.
    private static readonly string[] TokenTypes = ["at+jwt", "application/at+jwt", "JWT"];
@@ auth=jwt|none
    // The OWASP recommendation for PBKDF2 with HMAC-SHA-512. A login replaces a hash with fewer iterations.
    private const int PasswordIterations = 210_000;
    private const int MaxTokenBytes = 4 * 1024;
@@ always

@@ auth=oidc|none
    // Only the issuer can make these signatures. With HMAC, its public key could sign.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];
@@ auth=jwt|none
    // The maximum clock difference between two instances.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);
@@ always

    public static void AddAuth(this IServiceCollection services)
    {
@@ auth=oidc|none
        services.AddOptionsWithValidateOnStart<IssuerOptions>().BindSection("Auth")
            .Validate<IHostEnvironment>(
                (issuer, environment) => issuer.HasSafeAuthority(environment.IsDevelopment()),
                "Auth__Authority: The HTTPS URL of the issuer is required. Plain HTTP is for Development and for this machine.")
            .Validate(
                issuer => issuer.Audience.Length == 0 || issuer.Audience != issuer.DocsClientId,
                "Auth__Audience: The name of the API is required, not that of a client, whose ID tokens would be accepted.");
        services.AddSingleton<IssuerKeys>();
        services.AddHostedService(provider => provider.GetRequiredService<IssuerKeys>());
        services.AddHealthChecks().AddCheck<IssuerKeys>("issuer", HealthStatus.Degraded);
        services.AddBearer(MaxTokenBytes).Configure<IssuerKeys, IOptions<IssuerOptions>, TimeProvider>(ConfigureBearer);
        services.AddOptions<SwaggerUIOptions>().Configure<IOptions<IssuerOptions>>((page, issuer) =>
        {
            page.OAuthClientId(issuer.Value.DocsClientId);
            page.OAuthScopes(issuer.Value.DocsScopes.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            page.OAuthUsePkce();
@@ auth=jwt|none
        services.AddOptionsWithValidateOnStart<JwtOptions>().BindSection("Jwt").Validate<IHostEnvironment>(
            (jwt, environment) => jwt.SigningKey.Length > 0 || environment.IsDevelopment(),
            "Jwt__SigningKey: A key of at least 256 random bits is required.");
        services.AddSingleton<AccessTokens>();
        services.AddBearer(MaxTokenBytes).Configure<AccessTokens, IOptions<JwtOptions>, TimeProvider>(ConfigureBearer);
@@ rate-limiting=true, or auth=oidc|none

@@ auth=oidc|none
            // Some providers issue tokens for an API only if the request names it.
            page.OAuthAdditionalQueryStringParams(new() { ["audience"] = issuer.Value.Audience });
        });
@@ auth=jwt|none rate-limiting=true
        // Logins, registrations and refreshes count by address, because the caller chooses the user name.
        services.AddRateLimit("auth", "RateLimiting:Auth:PermitLimit", 5, byAddress: true);
        services.AddRateLimit("account", "RateLimiting:Auth:AccountPermitLimit", 50);
@@ auth=jwt|none

        services.Configure<PasswordHasherOptions>(passwords => passwords.IterationCount = PasswordIterations);
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<PasswordHashing>();
        services.AddScoped<AccountRepository>();
        services.AddScoped<UserService>();
        services.AddScoped<SessionService>();
        services.AddOptionsWithValidateOnStart<AccountOptions>().BindSection("Accounts").Validate(
            accounts => accounts.PasswordResetUrl.Length == 0
                || (Uri.TryCreate(accounts.PasswordResetUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"),
            "Accounts__PasswordResetUrl: This is not an http or https URL.");
        services.AddEmail();
        services.AddEventHandler<UserRegistered, WelcomeEmail>();
        services.AddEventHandler<UserRegistered, AdministratorNotification>();
        services.AddEventHandler<PasswordResetRequested, PasswordResetEmail>();
@@ auth=jwt|none websockets=true
        services.AddHostedService<ConnectionSessionMonitor>();
@@ always
    }

    /// <summary>Authenticates each request, then rejects those without a token that their endpoint requires.</summary>
    public static void UseAuth(this WebApplication app)
    {
@@ auth=jwt|none
        // Created at startup, so that a missing setting is logged before the first request.
        app.Services.GetRequiredService<AccessTokens>();
        app.Services.GetRequiredService<IEmailSender>();
@@ always
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private static void ConfigureBearer(
@@ auth=oidc|none
        JwtBearerOptions bearer, IssuerKeys keys, IOptions<IssuerOptions> issuer, TimeProvider time)
    {
        bearer.ConfigurationManager = keys.Discovery;
@@ auth=jwt|none
        JwtBearerOptions bearer, AccessTokens tokens, IOptions<JwtOptions> jwt, TimeProvider time) =>
@@ always
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
@@ auth=oidc|none
            ValidTypes = TokenTypes,
            ValidAlgorithms = Algorithms,
@@ auth=jwt|none
            ValidTypes = [AccessTokens.TokenType],
            ValidAlgorithms = [AccessTokens.Algorithm],
            IssuerSigningKeys = tokens.Keys,
@@ always
            TryAllIssuerSigningKeys = false,
@@ auth=oidc|none
            ValidAudience = issuer.Value.Audience,
            NameClaimTypeRetriever = (token, _) =>
                ((JsonWebToken)token).TryGetClaim(JwtRegisteredClaimNames.PreferredUsername, out var name) ? name.Type
                    : JwtRegisteredClaimNames.Sub,
            RoleClaimType = issuer.Value.RoleClaim,
            LifetimeValidator = BearerDependencies.CheckLifetime(time, TimeSpan.FromSeconds(issuer.Value.ClockSkewSeconds)),
@@ auth=jwt|none
            ValidIssuer = jwt.Value.Issuer,
            ValidAudience = jwt.Value.Audience,
            NameClaimType = JwtRegisteredClaimNames.PreferredUsername,
            RoleClaimType = AccessTokens.RoleClaim,
            LifetimeValidator = BearerDependencies.CheckLifetime(time, ClockSkew),
@@ always
        };
@@ auth=oidc|none
        bearer.Events.OnTokenValidated = context =>
        {
            if (context.Principal!.FindFirstValue(JwtRegisteredClaimNames.Sub) is not { Length: > 0 and <= MaxSubjectLength } subject
                || subject.Any(char.IsControl))
            {
                context.Fail("The token names no user.");
            }
@@ auth=jwt|none
}
@@ always

@@ auth=oidc|none
            return Task.CompletedTask;
        };
@@ auth=jwt|none
/// <summary>The settings of password resets.</summary>
public sealed class AccountOptions
{
    /// <value>The page where users choose a new password, which gets the query parameter <c>token</c>; or none.</value>
    public string PasswordResetUrl { get; set; } = "";
@@ always

@@ auth=oidc|none
        // Before the keys are loaded, nobody can say whether a token is valid: it is neither accepted nor refused.
        bearer.Events.OnMessageReceived = context =>
        {
            if (!keys.AreLoaded && (context.Token ?? context.Request.Headers.Authorization.ToString()).Length > 0)
            {
                context.Fail("The keys of the issuer are not loaded yet.");
            }
@@ auth=jwt|none
    /// <value>How long, in minutes, a token can be used. The default is 30.</value>
    [Range(5, 1440)]
    public int PasswordResetMinutes { get; set; } = 30;
}
@@ always

@@ auth=oidc|none
            return Task.CompletedTask;
        };
        bearer.Events.OnChallenge = context =>
@@ auth=jwt|none
/// <summary>The commands for administrators of accounts.</summary>
internal static class UserVerbs
{
    /// <summary>Runs <c>users promote NAME</c>, <c>users demote NAME</c>, <c>users disable NAME</c> or <c>users enable NAME</c>.</summary>
    /// <exception cref="InvalidOperationException">There is no such command or account.</exception>
    public static async Task RunUsersAsync(UserService users, string[] verb)
    {
        var isFound = verb switch
@@ always
        {
@@ auth=oidc|none
            if (!keys.AreLoaded && context.AuthenticateFailure is not null)
            {
                context.HandleResponse();
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = $"{IssuerKeys.RetryInterval.TotalSeconds}";
            }

            return Task.CompletedTask;
@@ auth=jwt|none
            ["promote", var name] => await users.SetRoleAsync(name, CurrentUser.AdminRole, CancellationToken.None),
            ["demote", var name] => await users.SetRoleAsync(name, role: null, CancellationToken.None),
            ["disable", var name] => await users.SetDisabledAsync(name, isDisabled: true, CancellationToken.None),
            ["enable", var name] => await users.SetDisabledAsync(name, isDisabled: false, CancellationToken.None),
            _ => throw new InvalidOperationException("The forms are users promote, demote, disable and enable, each with a NAME."),
@@ always
        };
@@ auth=jwt|none
        if (!isFound)
        {
            throw new InvalidOperationException($"No account has the name '{verb[1]}', or it is disabled.");
        }
@@ always
    }
}
