using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace InterviewApi.Core.Events;

/// <summary>Something that has happened. Its JSON is a contract: old messages meet new code, and the reverse.</summary>
public interface IEvent
{
    /// <value>The name that messages of this event have, such as <c>product.changed</c>.</value>
    static abstract string Type { get; }

    /// <value>The version of the JSON. Raise it if old handlers must not read it: they leave it to newer instances.</value>
    static virtual int SchemaVersion => 1;

    /// <value>What the event is about, such as <c>product:42</c>. Its events are handled in order.</value>
    string Aggregate { get; }
}

/// <summary>Writes events into the unit of work of the request, so that they are committed with its changes or not at all.</summary>
public sealed class Outbox(AppDbContext db, TimeProvider time)
{
    /// <summary>Adds an event to the changes that are saved next.</summary>
    /// <returns>The id of the message.</returns>
    public Guid Enqueue<TEvent>(TEvent occurred)
        where TEvent : IEvent
    {
        var now = time.GetUtcNow();
        var message = new OutboxMessage
        {
            Id = Guid.CreateVersion7(now),
            Type = TEvent.Type,
            SchemaVersion = TEvent.SchemaVersion,
            Aggregate = occurred.Aggregate,
            OccurredAt = now,
            Payload = JsonSerializer.Serialize(occurred, JsonSerializerOptions.Web),
            TraceParent = Activity.Current?.Id,
            NextAttemptAt = now,
        };
        db.Add(message);
        return message.Id;
    }

    /// <summary>
    /// Saves an entity whose key the database generates and then its event, which contains the key, in one transaction.
    /// After a transient fault both are repeated, unless the message shows that they were committed.
    /// </summary>
    /// <param name="saveAsync">Adds the entity and saves it.</param>
    public Task EnqueueAfterAsync<TEvent>(Func<Task> saveAsync, Func<TEvent> describe, CancellationToken cancellationToken)
        where TEvent : IEvent
    {
        var id = Guid.Empty;
        return db.Database.CreateExecutionStrategy().ExecuteInTransactionAsync(
            async cancellation =>
            {
                db.ChangeTracker.Clear();
                await saveAsync();
                id = Enqueue(describe());
                await db.SaveChangesAsync(cancellation);
            },
            cancellation => db.Set<OutboxMessage>().AnyAsync(message => message.Id == id, cancellation),
            cancellationToken);
    }
}

/// <summary>Wakes the dispatcher of this process after each commit, because the transaction may contain events.</summary>
public sealed class EventSignal : DbTransactionInterceptor, IDisposable
{
    private readonly SemaphoreSlim _signal = new(0);

    public void Set()
    {
        if (_signal.CurrentCount == 0)
        {
            _signal.Release();
        }
    }

    public Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) => _signal.WaitAsync(timeout, cancellationToken);

    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Set();
        return Task.CompletedTask;
    }

    public void Dispose() => _signal.Dispose();
}
