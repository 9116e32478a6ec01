using Acme.Shop.Core.Configuration;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Dependencies;

/// <summary>The limit for login, registration and refresh. It counts by address: a caller chooses the user to guess.</summary>
public static class AuthRateLimitDependencies
{
    public static void AddAuthRateLimit(this IServiceCollection services)
    {
        services.AddCheckedOptions<AuthRateLimitOptions>(AuthRateLimitOptions.Section);
        services.AddRateLimitPolicy(
            AuthRateLimitOptions.Policy,
            provider => provider.GetRequiredService<IOptions<AuthRateLimitOptions>>().Value.PermitLimit,
            byAddress: true);
    }
}
