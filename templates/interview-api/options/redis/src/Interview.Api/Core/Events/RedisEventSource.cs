using System.Collections.Concurrent;
using InterviewApi.Core.Redis;
using StackExchange.Redis;

namespace InterviewApi.Core.Events;

/// <summary>
/// Passes messages through a Redis stream whose consumer group shares them among the instances. A message stays in the
/// outbox until it was handled: while Redis is unavailable it waits there, and what Redis loses is added again.
/// </summary>
public sealed class RedisEventSource(OutboxStore outbox, RedisConnection redis, TimeProvider time) : IEventSource, IAsyncDisposable
{
    private const string Group = "handlers";
    private const string Field = "message";
    private const int MaxLength = 100_000;

    // The second key remembers the message, so that it is added once, however often the outbox offers it.
    private const string AddScript =
        """
        if not redis.call('SET', KEYS[2], '', 'NX', 'PX', ARGV[2]) then return 0 end
        redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', ARGV[4], ARGV[1])
        return 1
        """;

    private readonly RedisKey _stream = redis.Key("{events}:stream");
    private readonly RedisKey _deadLetters = redis.Key("{events}:dead");
    private readonly RedisValue _consumer = $"{Environment.MachineName}-{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<Guid, RedisValue> _entries = new();
    private long _takenOverAt = time.GetTimestamp();

    public async Task<IReadOnlyList<OutboxMessage>> ReceiveAsync(int limit, CancellationToken cancellationToken)
    {
        var waiting = await ReadAsync(limit);
        if (!waiting.IsAnswered)
        {
            return [];
        }

        await TakeOverAsync(cancellationToken);
        var entries = waiting.Value!;
        if (entries.Length < limit && await ForwardAsync(limit - entries.Length, cancellationToken))
        {
            entries = [.. entries, .. (await ReadAsync(limit - entries.Length)).Value ?? []];
        }

        return [.. entries.Select(Register)];
    }

    public async Task SettleAsync(IReadOnlyCollection<EventResult> results, CancellationToken cancellationToken)
    {
        await outbox.SettleAsync(results, cancellationToken);
        foreach (var dead in results.Where(result => result.Error is not null && outbox.IsLast(result.Message)))
        {
            await redis.TryAsync((Key: _deadLetters, Message: JsonSerializer.Serialize(dead.Message)), static (database, one) =>
                database.StreamAddAsync(one.Key, Field, one.Message, maxLength: MaxLength, useApproximateMaxLength: true));
        }

        await RemoveAsync(results.Select(result => result.Message));
    }

    public async Task ReturnAsync(IReadOnlyCollection<OutboxMessage> messages, TimeSpan delay, CancellationToken cancellationToken)
    {
        await outbox.ReturnAsync(messages, delay, cancellationToken);
        await RemoveAsync(messages);
    }

    /// <summary>Removes this consumer from the group. One that crashed leaves its name behind.</summary>
    public async ValueTask DisposeAsync() => await redis.TryAsync((_stream, _consumer), static (database, one) =>
        database.StreamDeleteConsumerAsync(one._stream, Group, one._consumer));

    private async Task<bool> ForwardAsync(int limit, CancellationToken cancellationToken)
    {
        var messages = await outbox.ReceiveAsync(limit, cancellationToken);
        var replies = await Task.WhenAll(messages.Select(message => redis.TryAsync(
            (Keys: new[] { _stream, MemoryOf(message.Id) },
                Values: new RedisValue[] { JsonSerializer.Serialize(message), 2 * (long)outbox.Lease.TotalMilliseconds, MaxLength, Field }),
            static (database, one) => database.ScriptEvaluateAsync(AddScript, one.Keys, one.Values))));

        // What Redis did not take is due at once. What the stream still holds is left there for another lease.
        await outbox.ReturnAsync([.. Where(reply => !reply.IsAnswered)], TimeSpan.Zero, cancellationToken);
        await outbox.ReturnAsync([.. Where(reply => reply.IsAnswered && (int)reply.Value! == 0)], outbox.Lease, cancellationToken);
        return messages.Count > 0;

        IEnumerable<OutboxMessage> Where(Func<RedisReply<RedisResult>, bool> condition) =>
            messages.Where((_, index) => condition(replies[index]));
    }

    // What an instance received before it crashed fails, and so returns to the outbox and counts as an attempt.
    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_takenOverAt) < outbox.Lease / 2)
        {
            return;
        }

        _takenOverAt = time.GetTimestamp();
        var reply = await redis.TryAsync((_stream, _consumer, outbox.Lease), static (database, one) => database.StreamAutoClaimAsync(
            one._stream, Group, one._consumer, (long)one.Lease.TotalMilliseconds, StreamPosition.Beginning));
        var abandoned = (reply.Value.ClaimedEntries ?? []).Where(entry => !entry.IsNull).Select(Register).ToArray();
        await SettleAsync([.. abandoned.Select(message => new EventResult(message, "The instance that received it has stopped."))], cancellationToken);
    }

    private Task<RedisReply<StreamEntry[]>> ReadAsync(int limit) => redis.TryAsync((_stream, _consumer, limit), static async (database, one) =>
    {
        try
        {
            return await database.StreamReadGroupAsync(one._stream, Group, one._consumer, StreamPosition.NewMessages, one.limit);
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOGROUP", StringComparison.Ordinal))
        {
            await database.ScriptEvaluateAsync("redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')", [one._stream], [Group]);
            return [];
        }
    });

    private OutboxMessage Register(StreamEntry entry)
    {
        var message = JsonSerializer.Deserialize<OutboxMessage>((string)entry[Field]!)!;
        _entries[message.Id] = entry.Id;
        return message;
    }

    private async Task RemoveAsync(IEnumerable<OutboxMessage> messages)
    {
        var ids = messages.Select(message => message.Id).ToArray();
        var entries = ids.Where(_entries.ContainsKey).Select(id => _entries.GetValueOrDefault(id)).ToArray();
        if (entries.Length == 0)
        {
            return;
        }

        await Task.WhenAll(
            redis.TryAsync((_stream, entries), static (database, one) => database.StreamAcknowledgeAsync(one._stream, Group, one.entries)),
            redis.TryAsync((_stream, entries), static (database, one) => database.StreamDeleteAsync(one._stream, one.entries)),
            redis.TryAsync(Array.ConvertAll(ids, MemoryOf), static (database, keys) => database.KeyDeleteAsync(keys)));
        Array.ForEach(ids, id => _entries.TryRemove(id, out _));
    }

    private RedisKey MemoryOf(Guid id) => redis.Key($"{{events}}:message:{id}");
}
