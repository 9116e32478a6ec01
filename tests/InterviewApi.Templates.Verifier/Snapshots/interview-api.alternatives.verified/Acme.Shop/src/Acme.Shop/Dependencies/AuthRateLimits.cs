using System.ComponentModel.DataAnnotations;

namespace Acme.Shop.Dependencies;

/// <summary>The limits for logins, registrations and refreshes within the window.</summary>
public sealed class AuthRateLimitOptions
{
    /// <value>The maximum total of logins, registrations and refreshes from one address. The default is 5.</value>
    [Range(1, int.MaxValue)]
    public int PermitLimit { get; set; } = 5;

    /// <value>The maximum number of logins to one account, from all addresses. The default is 50.</value>
    [Range(1, int.MaxValue)]
    public int AccountPermitLimit { get; set; } = 50;
}

/// <summary>The limits <c>auth</c>, by address, because the caller chooses the user name, and <c>account</c>.</summary>
public static class AuthRateLimits
{
    private const string Section = $"{RateLimitOptions.Section}:Auth";

    public static void AddAuthRateLimits(this IServiceCollection services)
    {
        services.AddRateLimitPolicy<AuthRateLimitOptions>("auth", Section, limits => limits.PermitLimit, byAddress: true);
        services.AddRateLimitPolicy<AuthRateLimitOptions>("account", Section, limits => limits.AccountPermitLimit);
    }
}
