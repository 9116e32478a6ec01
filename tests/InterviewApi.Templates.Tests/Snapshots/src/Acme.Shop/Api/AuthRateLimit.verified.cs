using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.RateLimiting;

namespace Acme.Shop.Api;

/// <summary>The limit for login, registration and refresh, against guessing.</summary>
public static class AuthRateLimit
{
    public static TBuilder RequireAuthRateLimit<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RateLimitPolicyName(AuthRateLimitOptions.Policy));
}
