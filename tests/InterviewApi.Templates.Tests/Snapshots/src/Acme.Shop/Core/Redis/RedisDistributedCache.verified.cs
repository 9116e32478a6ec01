using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;

namespace Acme.Shop.Core.Redis;

/// <summary>
/// The cache entries that all instances share. While Redis is unavailable, reads are misses and writes fail
/// immediately. A read waits at most 250 ms, a write 1 s. No other read waits while the reply to one is overdue.
/// </summary>
public sealed class RedisDistributedCache(RedisConnection redis) : IDistributedCache
{
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromMilliseconds(250);

    private Task? _overdue;

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        if (_overdue is { IsCompleted: false })
        {
            return null;
        }

        var reply = redis.TryAsync(redis.Key(key), static (database, key) => database.StringGetAsync(key));
        try
        {
            return (await reply.WaitAsync(ReadTimeout, token)).Value;
        }
        catch (TimeoutException)
        {
            _overdue = reply;
            return null;
        }
    }

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        var timeToLive = options.AbsoluteExpirationRelativeToNow ?? options.AbsoluteExpiration!.Value - DateTimeOffset.UtcNow;
        return WriteAsync((database, name) => database.StringSetAsync(name, value, timeToLive), key, token);
    }

    public Task RemoveAsync(string key, CancellationToken token = default) =>
        WriteAsync((database, name) => database.KeyDeleteAsync(name), key, token);

    public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

    public byte[]? Get(string key) => throw new NotSupportedException();

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    public void Refresh(string key) => throw new NotSupportedException();

    public void Remove(string key) => throw new NotSupportedException();

    private async Task WriteAsync(Func<IDatabase, RedisKey, Task<bool>> command, string key, CancellationToken token)
    {
        if (!(await redis.TryAsync(redis.Key(key), command).WaitAsync(RedisConnection.Timeout, token)).IsAnswered)
        {
            throw new RedisException("Redis is unavailable.");
        }
    }
}
