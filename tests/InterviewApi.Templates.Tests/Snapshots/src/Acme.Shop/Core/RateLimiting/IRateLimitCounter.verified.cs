namespace Acme.Shop.Core.RateLimiting;

/// <summary>Counts requests in sliding windows. A request that is refused does not count.</summary>
public interface IRateLimitCounter
{
    ValueTask<RateLimitCount> CountAsync(RateLimitPolicy policy, string client);
}
