using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.RateLimiting;

namespace Acme.Shop.Api;

/// <summary>The limit for login, registration and refresh, against guessing.</summary>
public static class AuthRateLimit
{
    public static TBuilder RequireAuthRateLimit<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RateLimitPolicyName(AuthRateLimitOptions.Policy));

    /// <summary>Also limits how often anybody may try to sign in to one account, from all addresses together.</summary>
    public static void LimitByAccount(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter<AccountRateLimit>();
}
