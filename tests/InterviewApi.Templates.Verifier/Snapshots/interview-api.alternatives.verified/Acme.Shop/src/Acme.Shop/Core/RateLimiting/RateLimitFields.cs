using System.Globalization;

namespace Acme.Shop.Core.RateLimiting;

/// <summary>
/// The <c>RateLimit</c> and <c>RateLimit-Policy</c> fields (draft-ietf-httpapi-ratelimit-headers), and <c>Retry-After</c>
/// (RFC 9110 section 10.2.3) on a refusal.
/// </summary>
public static class RateLimitFields
{
    /// <summary>Sets them when the response starts, because the exception handler clears the headers.</summary>
    public static void WriteOnStarting(HttpResponse response, RateLimitPolicy policy, RateLimitCount count) =>
        response.OnStarting(() =>
        {
            Write(response.Headers, policy, count);
            return Task.CompletedTask;
        });

    private static void Write(IHeaderDictionary headers, RateLimitPolicy policy, RateLimitCount count)
    {
        // Rounded up: a client that waits as long as it is told is admitted.
        var seconds = (long)Math.Ceiling(count.Reset.TotalSeconds);
        headers.Append("RateLimit-Policy", policy.Field);
        headers.Append("RateLimit", string.Create(
            CultureInfo.InvariantCulture, $"\"{policy.Name}\";r={count.Remaining};t={seconds}"));
        if (!count.IsAdmitted)
        {
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
    }
}
