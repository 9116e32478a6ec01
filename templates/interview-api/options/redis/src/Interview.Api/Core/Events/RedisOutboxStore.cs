using InterviewApi.Core.Redis;
using StackExchange.Redis;

namespace InterviewApi.Core.Events;

/// <summary>Passes messages through a Redis stream whose consumer group shares them among the instances.</summary>
// A message stays in the outbox until it is handled: there it waits for Redis, and what Redis loses is added again.
public sealed class RedisOutboxStore(
    IServiceScopeFactory scopes, IOptions<EventOptions> options, RedisConnection redis, TimeProvider time, ILogger<OutboxStore> logger)
    : OutboxStore(scopes, options, time, logger), IAsyncDisposable
{
    private const string Group = "handlers";
    private const string Field = "message";
    private const int MaxLength = 100_000;

    // Each message has a key, so that it is added once, however often the outbox offers it.
    private const string AddScript =
        $$"""
        local added = {}
        for i = 2, #KEYS do
          added[i - 1] = redis.call('SET', KEYS[i], '', 'NX', 'PX', ARGV[1]) and 1 or 0
          if added[i - 1] == 1 then redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', '{{Field}}', ARGV[i + 1]) end
        end
        return added
        """;

    private readonly RedisKey _stream = redis.Key("{events}:stream");
    private readonly RedisKey _deadLetters = redis.Key("{events}:dead");
    private readonly RedisValue _consumer = $"{Environment.MachineName}-{Guid.NewGuid():N}";
    private readonly Dictionary<Guid, RedisValue> _entries = [];
    private readonly TimeProvider _time = time;
    private long _takenOverAt = time.GetTimestamp();

    public override async Task<IReadOnlyList<OutboxMessage>> ReceiveAsync(int limit, CancellationToken cancellationToken)
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

    public override async Task SettleAsync(IReadOnlyCollection<EventResult> results, CancellationToken cancellationToken)
    {
        await base.SettleAsync(results, cancellationToken);
        foreach (var dead in results.Where(result => result.Error is not null && IsLast(result.Message)))
        {
            await redis.TryAsync((_deadLetters, Message: ToValue(dead.Message)), static (database, one) =>
                database.StreamAddAsync(one._deadLetters, Field, one.Message, maxLength: MaxLength, useApproximateMaxLength: true));
        }

        await RemoveAsync(results.Select(result => result.Message));
    }

    public override async Task ReturnAsync(
        IReadOnlyCollection<OutboxMessage> messages, TimeSpan delay, CancellationToken cancellationToken)
    {
        await base.ReturnAsync(messages, delay, cancellationToken);
        await RemoveAsync(messages);
    }

    /// <summary>Removes this consumer from the group. One that crashed leaves its name behind.</summary>
    public async ValueTask DisposeAsync() => await redis.TryAsync((_stream, _consumer), static (database, one) =>
        database.StreamDeleteConsumerAsync(one._stream, Group, one._consumer));

    private async Task<bool> ForwardAsync(int limit, CancellationToken cancellationToken)
    {
        var messages = await base.ReceiveAsync(limit, cancellationToken);
        RedisKey[] keys = [_stream, .. messages.Select(message => MemoryOf(message.Id))];
        RedisValue[] values = [2 * (long)Lease.TotalMilliseconds, MaxLength, .. messages.Select(ToValue)];
        var reply = await redis.TryAsync((keys, values), static (database, one) =>
            database.ScriptEvaluateAsync(AddScript, one.keys, one.values));

        // Messages that Redis did not take are due at once. Those that the stream still holds stay there for another lease.
        var added = (int[]?)reply.Value ?? new int[messages.Count];
        await base.ReturnAsync(
            [.. messages.Where((_, index) => added[index] == 0)], reply.IsAnswered ? Lease : TimeSpan.Zero, cancellationToken);
        return messages.Count > 0;
    }

    // A message that an instance received before it crashed counts as a failed attempt, and returns to the outbox.
    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        if (_time.GetElapsedTime(_takenOverAt) < Lease / 2)
        {
            return;
        }

        _takenOverAt = _time.GetTimestamp();
        var reply = await redis.TryAsync((_stream, _consumer, Lease), static (database, one) => database.StreamAutoClaimAsync(
            one._stream, Group, one._consumer, (long)one.Lease.TotalMilliseconds, StreamPosition.Beginning));
        var abandoned = (reply.Value.ClaimedEntries ?? []).Where(entry => !entry.IsNull).Select(Register);
        await SettleAsync(
            [.. abandoned.Select(message => new EventResult(message, "The instance that received it has stopped."))], cancellationToken);
    }

    private Task<RedisReply<StreamEntry[]>> ReadAsync(int limit) =>
        redis.TryAsync((_stream, _consumer, limit), static async (database, one) =>
        {
            try
            {
                return await database.StreamReadGroupAsync(one._stream, Group, one._consumer, StreamPosition.NewMessages, one.limit);
            }
            catch (RedisServerException exception) when (exception.Message.StartsWith("NOGROUP", StringComparison.Ordinal))
            {
                await database.ScriptEvaluateAsync(
                    "redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')", [one._stream], [Group]);
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
        var ids = messages.Select(message => message.Id).Where(_entries.ContainsKey).ToArray();
        if (ids.Length > 0)
        {
            var entries = Array.ConvertAll(ids, id => _entries[id]);
            await redis.TryAsync((_stream, entries, Keys: Array.ConvertAll(ids, MemoryOf)), static (database, one) => Task.WhenAll(
                database.StreamAcknowledgeAsync(one._stream, Group, one.entries),
                database.StreamDeleteAsync(one._stream, one.entries), database.KeyDeleteAsync(one.Keys)));
            Array.ForEach(ids, id => _entries.Remove(id));
        }
    }

    private static RedisValue ToValue(OutboxMessage message) => JsonSerializer.Serialize(message);

    private RedisKey MemoryOf(Guid id) => redis.Key($"{{events}}:message:{id}");
}
