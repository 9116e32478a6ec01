using Acme.Shop.Core.Redis;

namespace Acme.Shop.Core.RateLimiting;

/// <summary>Counts requests in Redis for all instances. While it is unavailable, each instance counts its own.</summary>
public sealed class RedisRateLimitCounter(
    RedisConnection redis, TimeProvider time, ILogger<RedisRateLimitCounter> logger) : RateLimitCounter(time)
{
    // One key, as a cluster requires, holds the times of the admitted requests in milliseconds, oldest first. Each run
    // removes at most 100 of them: enough to admit a permitted request, and too few to block Redis.
    private const string Script =
        """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
        local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
        for _ = 1, 100 do
          local oldest = redis.call('LINDEX', KEYS[1], 0)
          if not oldest or tonumber(oldest) > now - window then break end
          redis.call('LPOP', KEYS[1])
        end
        local count = redis.call('LLEN', KEYS[1])
        local admitted = count < limit and 1 or 0
        if admitted == 1 then
          redis.call('RPUSH', KEYS[1], now)
          redis.call('PEXPIRE', KEYS[1], window)
          count = count + 1
        end
        local next = redis.call('LINDEX', KEYS[1], math.max(count - limit, 0))
        return {admitted, math.max(limit - count, 0), math.max(next + window - now, 0)}
        """;

    private bool _isLocal;

    public override async ValueTask<RateLimitCount> CountAsync(RateLimitPolicy policy, string client)
    {
        var key = redis.Key($"limit:v1:{policy.Name}:{client}");
        var reply = await redis.TryAsync((key, policy), static (database, request) => database.ScriptEvaluateAsync(
            Script, [request.key], [request.policy.PermitLimit, (long)request.policy.Window.TotalMilliseconds]));
        var isChange = Interlocked.Exchange(ref _isLocal, !reply.IsAnswered) == reply.IsAnswered;
        if (!reply.IsAnswered)
        {
            if (isChange)
            {
                logger.LogWarning("Requests are limited by each instance for itself: Redis is unavailable.");
            }

            return await base.CountAsync(policy, client);
        }

        if (isChange)
        {
            logger.LogInformation("Requests are limited over all instances together again.");
        }

        var count = (long[])reply.Value!;
        return new RateLimitCount(count[0] == 1, (int)count[1], TimeSpan.FromMilliseconds(count[2]));
    }
}
