using StackExchange.Redis;

namespace Benchmarks.Reference;

/// <summary>The least that counts requests for several instances: a fixed window in Redis, in one step.</summary>
internal sealed class RequestCount(IConnectionMultiplexer redis)
{
    private const long Limit = 1_000_000_000;
    private const long WindowMilliseconds = 60_000;

    private const string Script =
        """
        local count = redis.call('INCR', KEYS[1])
        if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
        return count
        """;

    public async Task<bool> IsAdmittedAsync(HttpContext context)
    {
        var count = await redis.GetDatabase().ScriptEvaluateAsync(
            Script, [$"reference:count:{context.Connection.RemoteIpAddress}"], [WindowMilliseconds]);
        return (long)count <= Limit;
    }
}
