using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.RateLimiting;

namespace Acme.Shop.Api;

/// <summary>The limit for uploads and exports, which cost more than other requests.</summary>
public static class UploadRateLimit
{
    public static TBuilder RequireUploadRateLimit<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RateLimitPolicyName(UploadRateLimitOptions.Policy));
}
