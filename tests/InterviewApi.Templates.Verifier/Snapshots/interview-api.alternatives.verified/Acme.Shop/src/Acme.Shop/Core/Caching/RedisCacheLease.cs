using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Acme.Shop.Core.Caching;

/// <summary>
/// Lets instances trust the cache only while every instance can remove from it. Each holds a lease in Redis; the epoch,
/// without which no entry counts, ends with the first lease that is not renewed. An instance that cannot reach Redis
/// waits until its lease has ended before it confirms a change, and from then on need not wait. After a lease has ended
/// the cache stays closed for two and a half times its length, so that all instances are back before it opens again in
/// a new epoch, in which nothing counts that was kept before.
/// </summary>
public sealed class RedisCacheLease(RedisConnection redis, IOptions<CacheLeaseOptions> options) : BackgroundService
{
    private const int MaxTries = 5;
    private const int MarginMilliseconds = 50;

    private const string RenewScript =
        """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
        if now > tonumber(ARGV[2]) then return {now, 0} end
        local known = redis.call('ZSCORE', KEYS[1], ARGV[1])
        local ended = redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
        if ended > 0 or (ARGV[3] == '1' and not known) then
          redis.call('DEL', KEYS[2])
          redis.call('SET', KEYS[3], 1, 'PX', ARGV[6])
        end
        redis.call('ZADD', KEYS[1], now + ARGV[5], ARGV[1])
        redis.call('PEXPIRE', KEYS[1], 3600000)
        if redis.call('EXISTS', KEYS[3]) == 0 then
          redis.call('SET', KEYS[2], ARGV[4], 'NX')
          redis.call('PEXPIREAT', KEYS[2], redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2])
        end
        return {now, 1}
        """;

    private readonly int _lease = options.Value.LeaseSeconds * 1000;
    private readonly string _instance = Guid.NewGuid().ToString("N");
    private readonly RedisKey[] _keys =
        [redis.Key("cache:leases"), redis.Key("cache:epoch"), redis.Key("cache:closed")];

    private (long Now, long SentAt, long RoundTrip)? _clock;
    private bool _isServing;
    private long _unansweredUntil;
    private long _heldUntil;

    private int Closed => _lease * 5 / 2;

    private int Interval => _lease / 4;

    // A renewal that is executed later than this is ignored by Redis: this instance has given up waiting for it.
    private int Slack => _lease / 6;

    public RedisKey EpochKey => _keys[1];

    /// <value>False only if Redis has surely ended the lease of this instance.</value>
    public bool MayBeHeld => Environment.TickCount64 <= Volatile.Read(ref _heldUntil);

    /// <summary>Takes the lease, if Redis is there, before the first request is served.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RenewAsync();
        _isServing = true;
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Gives the lease back, so that the cache stays open for the other instances.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await redis.TryAsync((Key: _keys[0], Instance: _instance), static (database, lease) =>
            database.SortedSetRemoveAsync(lease.Key, lease.Instance));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(Interval));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await RenewAsync();
        }
    }

    // The first try may be needed to learn what time it is in Redis, and on a busy machine the next ones may come too late.
    private async Task RenewAsync()
    {
        var tries = 0;
        while (tries < MaxTries && redis.IsAvailable && !await TryRenewAsync())
        {
            tries++;
        }
    }

    private async Task<bool> TryRenewAsync()
    {
        var sentAt = Environment.TickCount64;
        long deadline = 0, mayBeHeldUntil = 0;
        if (_clock is { } clock && sentAt - clock.SentAt < _lease)
        {
            deadline = clock.Now + (sentAt - clock.SentAt) + Slack;
            mayBeHeldUntil = sentAt + clock.RoundTrip + Slack + _lease + MarginMilliseconds;
            Volatile.Write(ref _heldUntil, Math.Max(_heldUntil, mayBeHeldUntil));
        }

        RedisValue[] values = [_instance, deadline, _isServing, Guid.NewGuid().ToByteArray(), _lease, Closed];
        var reply = await redis.TryAsync((_keys, values), static (database, renewal) =>
            database.ScriptEvaluateAsync(RenewScript, renewal._keys, renewal.values));
        if (!reply.IsAnswered)
        {
            _unansweredUntil = Math.Max(_unansweredUntil, mayBeHeldUntil);
            return true;
        }

        var answer = (long[])reply.Value!;
        var receivedAt = Environment.TickCount64;
        _clock = (answer[0], sentAt, receivedAt - sentAt);
        if (answer[1] == 0)
        {
            return false;
        }

        Volatile.Write(ref _heldUntil, Math.Max(_unansweredUntil, receivedAt + _lease + MarginMilliseconds));
        return true;
    }
}
