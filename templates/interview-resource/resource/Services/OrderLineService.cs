using InterviewApi.Models;
using InterviewApi.Repositories;

namespace InterviewApi.Services;

#if (CanWrite)
/// <summary>The outcome of a change, with the order line if the change was made.</summary>
public readonly record struct OrderLineChange(ChangeStatus Status, OrderLine? OrderLine = null);

/// <summary>The rules of order lines. Optimistic concurrency prevents lost updates.</summary>
public sealed class OrderLineService(OrderLineRepository orderLines, TimeProvider time)
{
    private const int MaxAttempts = 20;

    // Each attempt waits for up to this much longer than the one before it, so that concurrent changes spread out.
    private const int MaxPauseMilliseconds = 10;

#else
/// <summary>The rules of order lines.</summary>
public sealed class OrderLineService(OrderLineRepository orderLines)
{
#endif
#if (IsOwned)
    public Task<OrderLine?> FindAsync(string ownerId, long id, CancellationToken cancellationToken) =>
        orderLines.FindAsync(ownerId, id, cancellationToken);

    /// <summary>Lists the order lines of a user whose id is greater than <paramref name="afterId"/>.</summary>
    public Task<IReadOnlyList<OrderLine>> ListAfterAsync(
        string ownerId, long afterId, int take, CancellationToken cancellationToken) =>
        orderLines.ListAfterAsync(ownerId, afterId, take, cancellationToken);
#else
    public Task<OrderLine?> FindAsync(long id, CancellationToken cancellationToken) =>
        orderLines.FindAsync(id, cancellationToken);

    /// <summary>Lists the order lines whose id is greater than <paramref name="afterId"/>.</summary>
    public Task<IReadOnlyList<OrderLine>> ListAfterAsync(long afterId, int take, CancellationToken cancellationToken) =>
        orderLines.ListAfterAsync(afterId, take, cancellationToken);
#endif
#if (CanWrite)

    /// <summary>Stores a new order line and sets its id and times.</summary>
    public async Task<OrderLine> CreateAsync(OrderLine orderLine, CancellationToken cancellationToken)
    {
        orderLine.CreatedAt = orderLine.UpdatedAt = time.GetUtcNow();
        await orderLines.AddAsync(orderLine, cancellationToken);
        return orderLine;
    }

    /// <param name="change">Sets the new fields. It runs again after a concurrent change.</param>
    public Task<OrderLineChange> UpdateAsync(
        %owner%long id, Action<OrderLine> change, Func<OrderLine, bool> precondition, CancellationToken cancellationToken) =>
        ChangeAsync(%owner id%id, change, precondition, cancellationToken);

    public Task<OrderLineChange> DeleteAsync(
        %owner%long id, Func<OrderLine, bool> precondition, CancellationToken cancellationToken) =>
        ChangeAsync(%owner id%id, orderLines.Remove, precondition, cancellationToken);

    private async Task<OrderLineChange> ChangeAsync(
        %owner%long id, Action<OrderLine> change, Func<OrderLine, bool> precondition, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (await orderLines.FindForChangeAsync(%owner id%id, cancellationToken) is not { } current)
            {
                return new(ChangeStatus.NotFound);
            }

            if (!precondition(current))
            {
                return new(ChangeStatus.PreconditionFailed);
            }

            change(current);
            current.UpdatedAt = time.GetUtcNow();
            current.Version++;
            if (await orderLines.TrySaveAsync(cancellationToken))
            {
                return new(ChangeStatus.Done, current);
            }

            // A concurrent change came first: retry with the current state.
            await Task.Delay(Random.Shared.Next(attempt * MaxPauseMilliseconds), cancellationToken);
        }

        return new(ChangeStatus.Conflict);
    }
#endif
}
