using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Acme.Shop.Core.Redis;
using StackExchange.Redis;

namespace Acme.Shop.Core.Caching;

/// <summary>
/// Keeps values in Redis, which all instances share. An entry is either the token of a load that is under way, or the
/// epoch (see <see cref="RedisCacheLease"/>) in which its load began, followed by the value as JSON. A removal also
/// takes away the token, and only the owner of the token may replace it: a slow load never brings an old value back.
/// </summary>
public sealed class RedisReadCache<T>(
    RedisConnection redis, RedisCacheLease lease, CacheLifetime lifetime, JsonTypeInfo<T> json) : IReadCache<T>
    where T : class
{
    private const int MarkBytes = 16;

    // Longer than a load takes. The value of a load that is gone is not kept for as long.
    private const int TokenMilliseconds = 30_000;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private const string OpenScript =
        """
        local epoch = redis.call('GET', KEYS[1])
        if not epoch then return false end
        local entry = redis.call('GET', KEYS[2])
        if not entry or (#entry > 16 and string.sub(entry, 1, 16) ~= epoch) then
          redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
          entry = ARGV[1]
        end
        return {epoch, entry}
        """;

    private const string FillScript =
        """
        if redis.call('GET', KEYS[1]) == ARGV[1] then
          redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        end
        """;

    private readonly SingleFlight<T?> _flights = new();

    public async ValueTask<T?> GetAsync(CacheKey<T> key, Func<Task<T?>> load, CancellationToken cancellationToken)
    {
        RedisKey[] keys = [lease.EpochKey, redis.Key(key.Name)];
        var reply = await redis.TryAsync(keys, static (database, keys) => database.StringGetAsync(keys));
        return Read(reply.Value)
            ?? await _flights.RunAsync(key.Name, () => LoadAsync(keys, load)).WaitAsync(cancellationToken);
    }

    public async Task RemoveAsync(CacheKey<T> key)
    {
        // Until Redis has removed the value, or this instance has surely lost its lease and with it the epoch has ended,
        // another instance may still serve the value.
        while (!(await redis.TryAsync(redis.Key(key.Name), static (database, key) => database.KeyDeleteAsync(key))).IsAnswered
            && lease.MayBeHeld)
        {
            await Task.Delay(RetryInterval);
        }
    }

    private async Task<T?> LoadAsync(RedisKey[] keys, Func<Task<T?>> load)
    {
        var token = Guid.NewGuid().ToByteArray();
        var reply = await redis.TryAsync((keys, token), static (database, open) =>
            database.ScriptEvaluateAsync(OpenScript, open.keys, [open.token, TokenMilliseconds]));
        var opened = reply.IsAnswered ? (RedisValue[]?)reply.Value : null;
        if (Read(opened) is { } found)
        {
            return found;
        }

        var value = await load();
        if (value is not null && opened is [var epoch, var entry] && entry == token)
        {
            await FillAsync(keys[1], token, [.. (byte[])epoch!, .. JsonSerializer.SerializeToUtf8Bytes(value, json)]);
        }

        return value;
    }

    private async Task FillAsync(RedisKey key, byte[] token, byte[] entry) => await redis.TryAsync(
        (key, token, entry, Lifetime: (long)lifetime.Next().TotalMilliseconds),
        static (database, fill) =>
            database.ScriptEvaluateAsync(FillScript, [fill.key], [fill.token, fill.entry, fill.Lifetime]));

    /// <summary>The value, if there is one of the current epoch.</summary>
    private T? Read(RedisValue[]? found)
    {
        if (found is not [var epoch, var entry] || epoch.IsNull || entry.IsNull)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = (byte[])entry!;
        return bytes.Length > MarkBytes && bytes[..MarkBytes].SequenceEqual((byte[])epoch!) ? Read(bytes[MarkBytes..]) : null;
    }

    private T? Read(ReadOnlySpan<byte> value)
    {
        try
        {
            return JsonSerializer.Deserialize(value, json);
        }
        catch (JsonException)
        {
            // Somebody changed the form of the value and not the version of its key. The database still knows it.
            return null;
        }
    }
}
