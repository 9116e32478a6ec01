using InterviewApi.Core.Email;
using InterviewApi.Core.Security;
using InterviewApi.Events;
using InterviewApi.Models;
using InterviewApi.Repositories;
using InterviewApi.Services;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace InterviewApi.Dependencies;

/// <summary>Accounts, sessions, and authentication by JWT access tokens.</summary>
public static class AuthDependencies
{
    // The OWASP recommendation for PBKDF2 with HMAC-SHA-512. A login replaces a hash with fewer iterations.
    private const int PasswordIterations = 210_000;
    private const int MaxTokenBytes = 4 * 1024;

    // The maximum clock difference between two instances.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public static void AddAuth(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<JwtOptions>().BindSection("Jwt").Validate<IHostEnvironment>(
            (jwt, environment) => jwt.SigningKey.Length > 0 || environment.IsDevelopment(),
            "Jwt__SigningKey: A key of at least 256 random bits is required.");
        services.AddSingleton<AccessTokens>();
        services.AddBearer(MaxTokenBytes).Configure<AccessTokens, IOptions<JwtOptions>, TimeProvider>(ConfigureBearer);
#if (UseRateLimiting)
        // Logins, registrations and refreshes count by address, because the caller chooses the user name.
        services.AddRateLimit("auth", "RateLimiting:Auth:PermitLimit", 5, byAddress: true);
        services.AddRateLimit("account", "RateLimiting:Auth:AccountPermitLimit", 50);
#endif

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
#if (UseWebSockets)
        services.AddHostedService<ConnectionSessionMonitor>();
#endif
    }

    /// <summary>Authenticates each request, then rejects those without a token that their endpoint requires.</summary>
    public static void UseAuth(this WebApplication app)
    {
        // Create these at startup, so that what they log about a missing setting does not wait for the first request.
        app.Services.GetRequiredService<AccessTokens>();
        app.Services.GetRequiredService<IEmailSender>();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private static void ConfigureBearer(
        JwtBearerOptions bearer, AccessTokens tokens, IOptions<JwtOptions> jwt, TimeProvider time) =>
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidTypes = [AccessTokens.TokenType],
            ValidAlgorithms = [AccessTokens.Algorithm],
            IssuerSigningKeys = tokens.Keys,
            TryAllIssuerSigningKeys = false,
            ValidIssuer = jwt.Value.Issuer,
            ValidAudience = jwt.Value.Audience,
            NameClaimType = JwtRegisteredClaimNames.PreferredUsername,
            RoleClaimType = AccessTokens.RoleClaim,
            LifetimeValidator = BearerDependencies.CheckLifetime(time, ClockSkew),
        };
}
