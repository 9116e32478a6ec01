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
/// <summary>Authentication by access tokens of an OpenID Connect provider.</summary>
@@ auth=jwt|none
/// <summary>Accounts, sessions, and authentication by JWT access tokens.</summary>
@@ always
public static class AuthDependencies
{
@@ auth=oidc|none
    private const int MaxTokenBytes = 16 * 1024;
    private const int MaxSubjectLength = 255;

    // RFC 9068, and what providers send that do not follow it.
    private static readonly string[] TokenTypes = ["at+jwt", "application/at+jwt", "JWT"];
@@ auth=jwt|none
    // The OWASP recommendation for PBKDF2 with HMAC-SHA-512. A login replaces a hash with fewer iterations.
    private const int PasswordIterations = 210_000;
    private const int MaxTokenBytes = 4 * 1024;
@@ always

@@ auth=oidc|none
    // Signatures that only the issuer can make. With HMAC, its public key could sign.
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
        services.AddAuthorizationBuilder().AddPolicy(IssuerOptions.AdminRole, policy => policy.RequireRole(IssuerOptions.AdminRole));
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
        services.AddBearer(MaxTokenBytes).Configure<AccessTokens, SecurityLog, IOptions<JwtOptions>, TimeProvider>(ConfigureBearer);
        services.AddAuthorizationBuilder().AddPolicy(User.AdminRole, policy => policy.RequireRole(User.AdminRole));
@@ auth=jwt|none rate-limiting=true
        // Logins, registrations and refreshes count by address, because the caller chooses the user name.
        services.AddRateLimit("auth", "RateLimiting:Auth:PermitLimit", 5, byAddress: true);
        services.AddRateLimit("account", "RateLimiting:Auth:AccountPermitLimit", 50);
@@ always

@@ auth=oidc|none
            // Some providers issue tokens for the API only to those who name it.
            page.OAuthAdditionalQueryStringParams(new() { ["audience"] = issuer.Value.Audience });
        });
@@ auth=jwt|none
        services.Configure<PasswordHasherOptions>(passwords => passwords.IterationCount = PasswordIterations);
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<PasswordHashing>();
        services.AddScoped<AccountRepository>();
        services.AddScoped<UserService>();
        services.AddScoped<SessionService>();
        services.AddScoped<PasswordService>();
        services.AddOptionsWithValidateOnStart<AccountOptions>().BindSection("Accounts");
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
        // Create these at startup, so that what they log about a missing setting does not wait for the first request.
        app.Services.GetRequiredService<AccessTokens>();
        app.Services.GetRequiredService<IEmailSender>();
@@ always
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private static void ConfigureBearer(
@@ auth=oidc|none
        JwtBearerOptions bearer, IssuerKeys keys, IOptions<IssuerOptions> issuer, TimeProvider time)
@@ auth=jwt|none
        JwtBearerOptions bearer, AccessTokens tokens, SecurityLog log, IOptions<JwtOptions> jwt, TimeProvider time)
@@ always
    {
@@ auth=oidc|none
        bearer.ConfigurationManager = keys.Discovery;
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
        };
        bearer.Events.OnTokenValidated = context =>
        {
            if (context.Principal!.FindFirstValue(JwtRegisteredClaimNames.Sub) is not { Length: > 0 and <= MaxSubjectLength })
            {
                context.Fail("The token names no user.");
            }

            return Task.CompletedTask;
        };

        // Before the keys are loaded, nobody can say whether a token is valid: it is neither accepted nor refused.
        bearer.Events.OnMessageReceived = context =>
        {
            if (!keys.AreLoaded && (context.Token ?? context.Request.Headers.Authorization.ToString()).Length > 0)
            {
                context.Fail("The keys of the issuer are not loaded yet.");
            }

            return Task.CompletedTask;
@@ auth=jwt|none
            ValidIssuer = jwt.Value.Issuer,
            ValidAudience = jwt.Value.Audience,
            NameClaimType = JwtRegisteredClaimNames.PreferredUsername,
            RoleClaimType = AccessTokens.RoleClaim,
            LifetimeValidator = BearerDependencies.CheckLifetime(time, ClockSkew),
@@ always
        };
@@ auth=oidc|none
        bearer.Events.OnChallenge = context =>
@@ auth=jwt|none
        bearer.Events.OnForbidden = context =>
@@ always
        {
@@ auth=oidc|none
            if (!keys.AreLoaded && context.AuthenticateFailure is not null)
            {
                context.HandleResponse();
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = $"{IssuerKeys.RetryInterval.TotalSeconds}";
            }

@@ auth=jwt|none
            var user = context.HttpContext.User.FindFirstValue(JwtRegisteredClaimNames.Sub);
            log.Write(SecurityEvent.AccessDenied, Guid.TryParse(user, out var id) ? id : null);
@@ always
            return Task.CompletedTask;
        };
    }
}
