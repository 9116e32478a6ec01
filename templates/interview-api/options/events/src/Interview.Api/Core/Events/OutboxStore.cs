using System.Diagnostics.Metrics;

namespace InterviewApi.Core.Events;

/// <summary>The result of handling a message.</summary>
/// <param name="Error">Null if it was handled.</param>
public sealed record EventResult(OutboxMessage Message, string? Error);

/// <summary>The outbox as a queue that all instances share. The claim of an instance that crashed ends by itself.</summary>
// Only the first pending message of an aggregate can be claimed, which keeps their order. It is compared with a minimum,
// because the planner answers NOT EXISTS by reading all pending messages.
public class OutboxStore(
    IServiceScopeFactory scopes, IOptions<EventOptions> options, TimeProvider time, ILogger<OutboxStore> logger)
{
#if (UsePostgres)
    // An array, because a subquery that the planner runs more than once would lock more rows than the limit.
    private const string ClaimSql =
        """
        UPDATE "OutboxMessages" SET "Attempts" = "Attempts" + 1, "NextAttemptAt" = {0}
        WHERE "Position" = ANY (ARRAY(
            SELECT "Position" FROM "OutboxMessages" AS due
            WHERE "NextAttemptAt" <= {1} AND "Position" = (
                SELECT min("Position") FROM "OutboxMessages" AS pending
                WHERE pending."Aggregate" = due."Aggregate" AND pending."NextAttemptAt" IS NOT NULL)
            ORDER BY "NextAttemptAt" LIMIT {2} FOR UPDATE SKIP LOCKED))
        RETURNING *
        """;
#endif
#if (UseSqlite)
    private const string ClaimSql =
        """
        UPDATE "OutboxMessages" SET "Attempts" = "Attempts" + 1, "NextAttemptAt" = {0}
        WHERE "Position" IN (
            SELECT "Position" FROM "OutboxMessages" AS due
            WHERE "NextAttemptAt" <= {1} AND "Position" = (
                SELECT min("Position") FROM "OutboxMessages" AS pending
                WHERE pending."Aggregate" = due."Aggregate" AND pending."NextAttemptAt" IS NOT NULL)
            ORDER BY "NextAttemptAt" LIMIT {2})
        RETURNING *
        """;
#endif
    private const int DeleteBatch = 1000;
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromMinutes(5);

    private static readonly Gauge<int> Pending = Telemetry.Meter.CreateGauge<int>("events.pending", "{event}");
    private static readonly Gauge<int> DeadLetters = Telemetry.Meter.CreateGauge<int>("events.dead_letters", "{event}");

    /// <value>How long a claim lasts: longer than a handler may take.</value>
    protected TimeSpan Lease => TimeSpan.FromSeconds(options.Value.HandlerTimeoutSeconds + 30);

    /// <summary>Claims messages for as long as their handlers may take.</summary>
    public virtual async Task<IReadOnlyList<OutboxMessage>> ReceiveAsync(int limit, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var messages = MessagesIn(scope);
        var now = time.GetUtcNow();

        // Look first: an update takes locks even if it changes nothing.
        return await messages.AnyAsync(message => message.NextAttemptAt <= now, cancellationToken)
            ? await messages.FromSqlRaw(ClaimSql, now + Lease, now, limit).AsNoTracking().ToListAsync(cancellationToken)
            : [];
    }

    /// <summary>Stores results. A message that failed is received again after a delay, or becomes a dead letter.</summary>
    public virtual async Task SettleAsync(IReadOnlyCollection<EventResult> results, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var messages = MessagesIn(scope);
        var now = time.GetUtcNow();
        var handled = results.Where(result => result.Error is null).Select(result => result.Message.Position).ToArray();
        await messages.Where(message => handled.Contains(message.Position)).ExecuteUpdateAsync(
            set => set.SetProperty(one => one.ProcessedAt, now).SetProperty(one => one.NextAttemptAt, (DateTimeOffset?)null),
            cancellationToken);
        foreach (var (message, text) in results.Where(result => result.Error is not null))
        {
            // Not every database stores control characters and unpaired surrogates, and a list shows each message on one line.
            var characters = text!.Where(one => !char.IsControl(one) && !char.IsSurrogate(one));
            var error = string.Concat(characters.Take(OutboxMessage.MaxErrorLength));
            var next = IsLast(message) ? (DateTimeOffset?)null : now + Backoff(message.Attempts);
            var count = await ClaimOf(messages, message).ExecuteUpdateAsync(
                set => set.SetProperty(one => one.NextAttemptAt, next).SetProperty(one => one.LastError, error),
                cancellationToken);
            if (count == 1 && next is null)
            {
                logger.LogError(
                    "{Event} {MessageId} of {Aggregate} is a dead letter after {Attempts} attempts: {Error}",
                    message.Type, message.Id, message.Aggregate, message.Attempts, error);
            }
        }
    }

    /// <summary>Gives up the claim of messages that were not handled. It does not count as an attempt.</summary>
    public virtual async Task ReturnAsync(IReadOnlyCollection<OutboxMessage> messages, TimeSpan delay, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var next = time.GetUtcNow() + delay;
        foreach (var message in messages)
        {
            await ClaimOf(MessagesIn(scope), message).ExecuteUpdateAsync(
                set => set.SetProperty(one => one.NextAttemptAt, next).SetProperty(one => one.Attempts, one => one.Attempts - 1),
                cancellationToken);
        }
    }

    /// <summary>Deletes the messages that were handled before the retention time, and measures the others.</summary>
    public async Task MaintainAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var messages = MessagesIn(scope);
        var records = scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<ProcessedMessage>();
        var end = time.GetUtcNow().AddHours(-options.Value.RetentionHours);
        while (true)
        {
            // In batches, so that writers do not wait for all deletions, and in the order of the key, which needs no other index.
            var old = await messages
                .Where(message => message.ProcessedAt != null)
                .OrderBy(message => message.Position)
                .Take(DeleteBatch)
                .Where(message => message.ProcessedAt < end)
                .Select(message => new { message.Position, message.Id })
                .ToListAsync(cancellationToken);
            if (old.Count == 0)
            {
                break;
            }

            var (positions, ids) = (old.ConvertAll(message => message.Position), old.ConvertAll(message => message.Id));
            await records.Where(processed => ids.Contains(processed.MessageId)).ExecuteDeleteAsync(cancellationToken);
            await messages.Where(message => positions.Contains(message.Position)).ExecuteDeleteAsync(cancellationToken);
        }

        var open = messages.Where(message => message.ProcessedAt == null);
        Pending.Record(await open.CountAsync(message => message.NextAttemptAt != null, cancellationToken));
        DeadLetters.Record(await open.CountAsync(message => message.NextAttemptAt == null, cancellationToken));
    }

    /// <summary>Whether a message becomes a dead letter if this attempt fails.</summary>
    protected bool IsLast(OutboxMessage message) => message.Attempts >= options.Value.MaxAttempts;

    private static DbSet<OutboxMessage> MessagesIn(AsyncServiceScope scope) =>
        scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<OutboxMessage>();

    // Only while the claim holds: another instance may have claimed or handled the message since.
    private static IQueryable<OutboxMessage> ClaimOf(IQueryable<OutboxMessage> messages, OutboxMessage claimed) =>
        messages.Where(one =>
            one.Position == claimed.Position && one.Attempts == claimed.Attempts && one.NextAttemptAt != null);

    // Exponential, and shortened at random, so that messages that failed together do not return together.
    private static TimeSpan Backoff(int attempts)
    {
        var seconds = Math.Min(Math.Pow(2, attempts - 1), MaxBackoff.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
