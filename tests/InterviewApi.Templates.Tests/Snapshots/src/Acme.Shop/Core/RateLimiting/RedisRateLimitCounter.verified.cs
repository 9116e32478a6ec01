using Acme.Shop.Core.Redis;

namespace Acme.Shop.Core.RateLimiting;

/// <summary>
/// Counts in Redis for all instances together, in one step and by the clock of Redis. While Redis is away each instance
/// counts for itself.
/// </summary>
public sealed partial class RedisRateLimitCounter(
    RedisConnection redis, LocalRateLimitCounter local, ILogger<RedisRateLimitCounter> logger) : IRateLimitCounter
{
    // The key holds the times of the admitted requests in milliseconds, oldest first. One run forgets at most 100 of
    // them, which is enough to admit a request that may pass, and never blocks Redis for long.
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
        return {admitted, math.max(limit - count, 0), next + window - now}
        """;

    private int _isLocal;

    public async ValueTask<RateLimitCount> CountAsync(RateLimitPolicy policy, string client)
    {
        var reply = await redis.TryAsync(
            (Key: redis.Key($"limit:v1:{policy.Name}:{client}"), Policy: policy),
            static (database, request) => database.ScriptEvaluateAsync(
                Script,
                [request.Key],
                [request.Policy.PermitLimit, (long)request.Policy.Window.TotalMilliseconds]));
        Note(reply.IsAnswered);
        if (!reply.IsAnswered)
        {
            return await local.CountAsync(policy, client);
        }

        var count = (long[])reply.Value!;
        return new RateLimitCount(count[0] == 1, (int)count[1], TimeSpan.FromMilliseconds(count[2]));
    }

    private void Note(bool isShared)
    {
        var isLocal = isShared ? 0 : 1;
        if (Volatile.Read(ref _isLocal) == isLocal || Interlocked.Exchange(ref _isLocal, isLocal) == isLocal)
        {
            return;
        }

        if (isShared)
        {
            LogShared();
        }
        else
        {
            LogLocal();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Requests are limited by each instance for itself, because Redis is away.")]
    private partial void LogLocal();

    [LoggerMessage(LogLevel.Information, "Requests are limited over all instances together again.")]
    private partial void LogShared();
}
