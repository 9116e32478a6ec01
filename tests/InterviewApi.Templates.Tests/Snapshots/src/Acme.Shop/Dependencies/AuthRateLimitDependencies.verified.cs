using Acme.Shop.Core.Configuration;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Dependencies;

/// <summary>
/// The limits for login, registration and refresh: by address, because a caller chooses the user to guess, and for logins
/// by account too.
/// </summary>
public static class AuthRateLimitDependencies
{
    public static void AddAuthRateLimit(this IServiceCollection services)
    {
        services.AddCheckedOptions<AuthRateLimitOptions>(AuthRateLimitOptions.Section);
        services.AddRateLimitPolicy(
            AuthRateLimitOptions.Policy,
            provider => provider.GetRequiredService<IOptions<AuthRateLimitOptions>>().Value.PermitLimit,
            byAddress: true);
        services.AddRateLimitPolicy(
            AuthRateLimitOptions.AccountPolicy,
            provider => provider.GetRequiredService<IOptions<AuthRateLimitOptions>>().Value.AccountPermitLimit);
    }
}
