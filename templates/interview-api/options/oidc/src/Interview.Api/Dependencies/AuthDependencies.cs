using System.Security.Claims;
using InterviewApi.Core.Security;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace InterviewApi.Dependencies;

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
public static class AuthDependencies
{
    private const int MaxTokenBytes = 16 * 1024;
    private const int MaxSubjectLength = 255;

    // The types of RFC 9068, and the one from providers that do not follow it.
    private static readonly string[] TokenTypes = ["at+jwt", "application/at+jwt", "JWT"];

    // Only the issuer can make these signatures. With HMAC, its public key could sign.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public static void AddAuth(this IServiceCollection services)
    {
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

            // Some providers issue tokens for an API only if the request names it.
            page.OAuthAdditionalQueryStringParams(new() { ["audience"] = issuer.Value.Audience });
        });
    }

    /// <summary>Authenticates each request, then rejects those without a token that their endpoint requires.</summary>
    public static void UseAuth(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private static void ConfigureBearer(
        JwtBearerOptions bearer, IssuerKeys keys, IOptions<IssuerOptions> issuer, TimeProvider time)
    {
        bearer.ConfigurationManager = keys.Discovery;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidTypes = TokenTypes,
            ValidAlgorithms = Algorithms,
            TryAllIssuerSigningKeys = false,
            ValidAudience = issuer.Value.Audience,
            NameClaimTypeRetriever = (token, _) =>
                ((JsonWebToken)token).TryGetClaim(JwtRegisteredClaimNames.PreferredUsername, out var name) ? name.Type
                    : JwtRegisteredClaimNames.Sub,
            RoleClaimType = issuer.Value.RoleClaim,
            LifetimeValidator = BearerDependencies.CheckLifetime(time, TimeSpan.FromSeconds(issuer.Value.ClockSkewSeconds)),
        };
        bearer.Events.OnTokenValidated = context =>
        {
            if (context.Principal!.FindFirstValue(JwtRegisteredClaimNames.Sub) is not { Length: > 0 and <= MaxSubjectLength } subject
                || subject.Any(char.IsControl))
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
        };
        bearer.Events.OnChallenge = context =>
        {
            if (!keys.AreLoaded && context.AuthenticateFailure is not null)
            {
                context.HandleResponse();
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = $"{IssuerKeys.RetryInterval.TotalSeconds}";
            }

            return Task.CompletedTask;
        };
    }
}
