using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using InterviewApi.Core.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace InterviewApi.Core.RateLimiting;

/// <summary>
/// Counts each request once, against the policy that its endpoint requires or else the default policy. Responses carry
/// the <c>RateLimit</c> and <c>RateLimit-Policy</c> fields (draft-ietf-httpapi-ratelimit-headers), and refusals also
/// <c>Retry-After</c> (RFC 9110 section 10.2.3).
/// </summary>
public sealed partial class ApiRateLimiter(
    IEnumerable<RateLimitPolicy> policies, RateLimitCounter counter, TimeProvider time, ILogger<ApiRateLimiter> logger)
    : PartitionedRateLimiter<HttpContext>
{
    private static readonly Lease Admitted = new(isAcquired: true);
    private static readonly Lease Refused = new(isAcquired: false);

    private static readonly Counter<long> Rejections = Telemetry.Meter.CreateCounter<long>(
        "rate_limit.rejections", "{request}", "Requests that exceeded a limit, by policy.");

    private readonly Dictionary<string, RateLimitPolicy> _policies = policies.ToDictionary(policy => policy.Name);
    private readonly RateLimitCounter _reports = new(time);

    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => null;

    /// <summary>Counts a request of a client, and logs the client's first refusal in a window.</summary>
    /// <param name="isPrivate">Whether only a refusal shows this limit.</param>
    /// <returns>Whether the request is admitted.</returns>
    public async ValueTask<bool> CountAsync(HttpContext context, string policyName, string client, bool isPrivate = false)
    {
        var policy = _policies[policyName];
        var count = await counter.CountAsync(policy, client);
        if (!count.IsAdmitted || !isPrivate)
        {
            // Set when the response starts, because the exception handler clears the headers.
            context.Response.OnStarting(() => WriteFields(context.Response.Headers, policy, count));
        }

        if (count.IsAdmitted)
        {
            return true;
        }

        Rejections.Add(1, new KeyValuePair<string, object?>("rate_limit.policy", policy.Name));
        if ((await _reports.CountAsync(policy with { PermitLimit = 1 }, client)).IsAdmitted)
        {
            LogLimitReached(policy.Name, client, context.Connection.RemoteIpAddress);
        }

        return false;
    }

    // The middleware calls this first, and then awaits the method below.
    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount) => Refused;

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(
        HttpContext resource, int permitCount, CancellationToken cancellationToken)
    {
        var required = resource.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName;
        var policy = _policies[required ?? RateLimitPolicy.Default];
        var user = policy.ByAddress ? null : ClientKey.OfUser(resource);
        return await CountAsync(resource, policy.Name, user ?? ClientKey.OfAddress(resource)) ? Admitted : Refused;
    }

    private static Task WriteFields(IHeaderDictionary headers, RateLimitPolicy policy, RateLimitCount count)
    {
        // Rounded up, so that a client that waits this long is admitted.
        var seconds = (long)Math.Ceiling(count.Reset.TotalSeconds);
        headers.Append("RateLimit-Policy", string.Create(
            CultureInfo.InvariantCulture, $"\"{policy.Name}\";q={policy.PermitLimit};w={(long)policy.Window.TotalSeconds}"));
        headers.Append("RateLimit", string.Create(
            CultureInfo.InvariantCulture, $"\"{policy.Name}\";r={count.Remaining};t={seconds}"));
        if (!count.IsAdmitted)
        {
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(1101, LogLevel.Warning, "Limit {Policy} reached by {Client} from {Address}.", EventName = "LimitReached")]
    private partial void LogLimitReached(string policy, string client, IPAddress? address);

    private sealed class Lease(bool isAcquired) : RateLimitLease
    {
        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata) => (metadata = null) is not null;
    }
}
