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
        services.AddOptionsWithValidateOnStart<AccountOptions>().BindSection("Accounts").Validate(
            accounts => accounts.PasswordResetUrl.Length == 0
                || (Uri.TryCreate(accounts.PasswordResetUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"),
            "Accounts__PasswordResetUrl: This is not an http or https URL.");
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
        // Created at startup, so that a missing setting is logged before the first request.
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

/// <summary>The settings of password resets.</summary>
public sealed class AccountOptions
{
    /// <value>The page where users choose a new password, which gets the query parameter <c>token</c>; or none.</value>
    public string PasswordResetUrl { get; set; } = "";

    /// <value>How long, in minutes, a token can be used. The default is 30.</value>
    [Range(5, 1440)]
    public int PasswordResetMinutes { get; set; } = 30;
}

/// <summary>The commands for administrators of accounts.</summary>
internal static class UserVerbs
{
    /// <summary>Runs <c>users promote NAME</c>, <c>users demote NAME</c>, <c>users disable NAME</c> or <c>users enable NAME</c>.</summary>
    /// <exception cref="InvalidOperationException">There is no such command or account.</exception>
    public static async Task RunUsersAsync(UserService users, string[] verb)
    {
        var isFound = verb switch
        {
            ["promote", var name] => await users.SetRoleAsync(name, CurrentUser.AdminRole, CancellationToken.None),
            ["demote", var name] => await users.SetRoleAsync(name, role: null, CancellationToken.None),
            ["disable", var name] => await users.SetDisabledAsync(name, isDisabled: true, CancellationToken.None),
            ["enable", var name] => await users.SetDisabledAsync(name, isDisabled: false, CancellationToken.None),
            _ => throw new InvalidOperationException("The forms are users promote, demote, disable and enable, each with a NAME."),
        };
        if (!isFound)
        {
            throw new InvalidOperationException($"No account has the name '{verb[1]}', or it is disabled.");
        }
    }
}
