using InterviewApi.Core.Configuration;
using InterviewApi.Core.OpenApi;
using InterviewApi.Core.Security;
using InterviewApi.Middleware;
using InterviewApi.Models;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace InterviewApi.Dependencies;

/// <summary>Who is calling: passwords and JWT access tokens.</summary>
public static class AuthDependencies
{
    // The OWASP figure for PBKDF2 with HMAC-SHA-512. A hash with less is replaced at the next login.
    private const int PasswordIterations = 210_000;
    private const int MaxTokenBytes = 4 * 1024;

    // How far the clocks of two instances may be apart.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddAuth(this IServiceCollection services)
    {
        services.AddCheckedOptions<JwtOptions>(JwtOptions.Section);
        services.AddOptions<JwtOptions>().Validate<IHostEnvironment>(
            (jwt, environment) => jwt.SigningKey.Length > 0 || environment.IsDevelopment(),
            "Jwt__SigningKey: A key of at least 32 random bytes is required.");

        services.Configure<PasswordHasherOptions>(passwords => passwords.IterationCount = PasswordIterations);
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<AccessTokenFactory>();

        // AddAuthentication would do the same, and store a data protection key on disk that nothing here uses.
        services.AddAuthenticationCore(auth => auth.DefaultScheme = JwtBearerDefaults.AuthenticationScheme);
        services.AddWebEncoders();
        new AuthenticationBuilder(services)
            .AddScheme<JwtBearerOptions, JwtBearerHandler>(JwtBearerDefaults.AuthenticationScheme, configureOptions: null);
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<SigningKeys, IOptions<JwtOptions>, TimeProvider>(ConfigureBearer);
        services.AddAuthorization();
#if (UseRateLimiting)
        services.AddAuthRateLimits();
#endif

        services.ConfigureAll<OpenApiOptions>(document =>
        {
            document.AddDocumentTransformer<SecuritySchemeTransformer>();
            document.AddOperationTransformer<SecurityRequirementTransformer>();
        });
        return services;
    }

    /// <summary>Reads the token of a request, then refuses the request if its endpoint needs one and it has none.</summary>
    public static void UseAuth(this WebApplication app)
    {
        // Made now and not at the first request: a key that is lost with the process is announced when it starts.
        app.Services.GetRequiredService<SigningKeys>();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private static void ConfigureBearer(
        JwtBearerOptions bearer, SigningKeys keys, IOptions<JwtOptions> jwt, TimeProvider time)
    {
        bearer.Events = new BearerEvents();
        bearer.SaveToken = false;
        bearer.IncludeErrorDetails = false;
        bearer.TokenHandlers.Clear();
        bearer.TokenHandlers.Add(new JsonWebTokenHandler
        {
            MapInboundClaims = false,
            MaximumTokenSizeInBytes = MaxTokenBytes,
        });
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidTypes = [AccessTokenFactory.TokenType],
            ValidAlgorithms = [SigningKeys.Algorithm],
            IssuerSigningKeys = keys.Accepted,
            TryAllIssuerSigningKeys = false,
            ValidIssuer = jwt.Value.Issuer,
            ValidAudience = jwt.Value.Audience,
            NameClaimType = TokenClaims.Username,
            LifetimeValidator = (notBefore, expires, _, _) =>
                notBefore <= time.GetUtcNow().UtcDateTime + ClockSkew
                && expires > time.GetUtcNow().UtcDateTime - ClockSkew,
        };
    }
}
