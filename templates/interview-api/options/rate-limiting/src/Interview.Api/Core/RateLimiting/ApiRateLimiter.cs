using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace InterviewApi.Core.RateLimiting;

/// <summary>Counts each request against the policy of its endpoint or the default one, and reports what is left.</summary>
// In the fields of draft-ietf-httpapi-ratelimit-headers; a refusal also says when to retry (RFC 9110).
public sealed class ApiRateLimiter(
    IOptions<RateLimitOptions> options, RateLimitCounter counter, TimeProvider time, ILogger<ApiRateLimiter> logger)
    : PartitionedRateLimiter<HttpContext>
{
    private static readonly Counter<long> Rejections = Telemetry.Meter.CreateCounter<long>(
        "rate_limit.rejections", "{request}", "Requests that exceeded a limit, by policy.");

    private readonly RateLimitCounter _reports = new(time);

    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => null;

    /// <summary>Counts a request of a client, and logs the client's first refusal in a window.</summary>
    /// <param name="isPrivate">Whether only a refusal shows this limit.</param>
    public async ValueTask<RateLimitCount> CountAsync(HttpContext context, string policyName, string client, bool isPrivate = false)
    {
        var policy = options.Value.Policies[policyName];
        var count = await counter.CountAsync(policy, client);
        if (!count.IsAcquired || !isPrivate)
        {
            // Set when the response starts, because the exception handler clears the headers.
            context.Response.OnStarting(() => WriteFields(context.Response.Headers, policy, count));
        }

        if (!count.IsAcquired)
        {
            Rejections.Add(1, new KeyValuePair<string, object?>("rate_limit.policy", policyName));
            if ((await _reports.CountAsync(policy with { PermitLimit = 1 }, client)).IsAcquired)
            {
                logger.LogWarning(
                    new EventId(1101, "LimitReached"), "Limit {Policy} reached by {Client} from {Address}.",
                    policyName, client, context.Connection.RemoteIpAddress);
            }
        }

        return count;
    }

    // The middleware tries this first, and then awaits the method below.
    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount) => new RateLimitCount(false, 0, default);

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(
        HttpContext resource, int permitCount, CancellationToken cancellationToken)
    {
        var name = resource.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName ?? "default";
#if (UseFullSample)
        if (name == "search" && string.IsNullOrEmpty(resource.Request.Query["q"]))
        {
            // A list without a search costs no more than any other read.
            name = "default";
        }

#endif
#if (UseAuth)
        if (!options.Value.Policies[name].ByAddress && ClientKey.OfUser(resource) is { } user)
        {
            return await CountAsync(resource, name, user);
        }

#endif
        return await CountAsync(resource, name, ClientKey.OfAddress(resource));
    }

    private static Task WriteFields(IHeaderDictionary headers, RateLimitPolicy policy, RateLimitCount count)
    {
        // Rounded up, so that a client that waits this long is admitted.
        var seconds = (long)Math.Ceiling(count.Reset.TotalSeconds);
        headers.Append("RateLimit-Policy", $"\"{policy.Name}\";q={policy.PermitLimit};w={policy.Window.TotalSeconds}");
        headers.Append("RateLimit", $"\"{policy.Name}\";r={count.Remaining};t={seconds}");
        if (!count.IsAcquired)
        {
            headers.RetryAfter = $"{seconds}";
        }

        return Task.CompletedTask;
    }
}
