using InterviewApi.Core.Configuration;
using InterviewApi.Core.RateLimiting;

namespace InterviewApi.Api;

/// <summary>The limit for uploads and exports, which cost more than other requests.</summary>
public static class UploadRateLimit
{
    public static TBuilder RequireUploadRateLimit<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RateLimitPolicyName(UploadRateLimitOptions.Policy));
}
