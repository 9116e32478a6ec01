using System.Threading.RateLimiting;
using Acme.Shop.Core.RateLimiting;

namespace Acme.Shop.Middleware;

/// <summary>Counts each request once: by the policy of its endpoint, otherwise by the default one.</summary>
public sealed class ApiRateLimiter(IEnumerable<RateLimitPolicy> policies, IRateLimitCounter counter)
    : PartitionedRateLimiter<HttpContext>
{
    private static readonly RateLimitLease Admitted = new Lease(isAcquired: true);
    private static readonly RateLimitLease Refused = new Lease(isAcquired: false);

    private readonly Dictionary<string, RateLimitPolicy> _policies = policies.ToDictionary(policy => policy.Name);

    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => null;

    // The middleware tries this first, and asks below when it is refused: a count may need to wait for a reply.
    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount) => Refused;

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(
        HttpContext resource, int permitCount, CancellationToken cancellationToken)
    {
        var name = resource.GetEndpoint()?.Metadata.GetMetadata<RateLimitPolicyName>()?.Name ?? RateLimitPolicy.Default;
        var policy = _policies[name];
        var count = await counter.CountAsync(policy, ClientPartition.Of(resource, policy));

        RateLimitFields.WriteOnStarting(resource.Response, policy, count);
        return count.IsAdmitted ? Admitted : Refused;
    }

    private sealed class Lease(bool isAcquired) : RateLimitLease
    {
        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
