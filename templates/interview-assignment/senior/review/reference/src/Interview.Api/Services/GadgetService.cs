using InterviewApi.Core.Events;
using InterviewApi.Events;
using InterviewApi.Models;
using InterviewApi.Repositories;

namespace InterviewApi.Services;

/// <summary>The fields of %a gadget% that do not exist yet.</summary>
public sealed record NewGadget(string Reference, int Quantity, string? Note);

/// <summary>The outcome of a creation: the gadget, or else a conflict or a key that another request has used.</summary>
public readonly record struct GadgetCreation(Gadget? Gadget, bool IsKeyUsed = false);

/// <summary>The outcome of a change, with the gadget if the change was made.</summary>
public readonly record struct GadgetChange(ChangeStatus Status, Gadget? Gadget = null);

/// <summary>
/// The rules of gadgets. A change and the event about it are one transaction, and the database decides between
/// simultaneous requests, so that the rules hold for any number of instances.
/// </summary>
public sealed class GadgetService(
    GadgetRepository gadgets, GadgetStatisticsRepository statistics, Outbox outbox, TimeProvider time)
{
    private static readonly HashSet<(GadgetStatus From, GadgetStatus To)> Moves =
    [
        (GadgetStatus.FirstState, GadgetStatus.SecondState),
        (GadgetStatus.SecondState, GadgetStatus.FirstState),
        (GadgetStatus.SecondState, GadgetStatus.LastState),
    ];

    public Task<Gadget?> FindAsync(string ownerId, long id, CancellationToken cancellationToken) =>
        gadgets.FindAsync(ownerId, id, cancellationToken);

    /// <summary>Lists the gadgets of a user whose id is greater than <paramref name="afterId"/>.</summary>
    public Task<IReadOnlyList<Gadget>> ListAfterAsync(
        string ownerId, long afterId, int take, CancellationToken cancellationToken) =>
        gadgets.ListAfterAsync(ownerId, afterId, take, cancellationToken);

    public async Task<GadgetStatistics> GetStatisticsAsync(string ownerId, CancellationToken cancellationToken) =>
        await statistics.FindAsync(ownerId, cancellationToken) ?? new GadgetStatistics { OwnerId = ownerId };

    /// <summary>Creates %a gadget%, once for each key.</summary>
    /// <param name="key">The idempotency key; null for a request that is not repeated.</param>
    public async Task<GadgetCreation> CreateAsync(
        string ownerId, string? key, NewGadget fields, CancellationToken cancellationToken)
    {
        if (await FindRepeatedAsync(ownerId, key, fields, cancellationToken) is { } earlier)
        {
            return earlier;
        }

        var gadget = From(ownerId, fields, key);
        outbox.Enqueue(new GadgetsChanged(ownerId, Created: 1, fields.Quantity));
        if (await gadgets.TryAddAsync(gadget, cancellationToken))
        {
            return new(gadget);
        }

        // Either the reference is used, or a simultaneous request with the key was faster.
        return await FindRepeatedAsync(ownerId, key, fields, cancellationToken) ?? default;
    }

    /// <summary>Creates all gadgets or none.</summary>
    /// <returns>How many; null if a reference is used.</returns>
    public async Task<int?> ImportAsync(string ownerId, IAsyncEnumerable<NewGadget> rows, CancellationToken cancellationToken)
    {
        var (count, sum) = (0, 0L);
        var imported = rows.Select(row =>
        {
            count++;
            sum += row.Quantity;
            return From(ownerId, row);
        });
        return await gadgets.TryAddAllAsync(
            imported, () => outbox.Enqueue(new GadgetsChanged(ownerId, count, sum)), cancellationToken) ? count : null;
    }

    /// <summary>Changes the status. The status that it has is no change. Of simultaneous changes one is made.</summary>
    public async Task<GadgetChange> MoveAsync(string ownerId, long id, GadgetStatus to, CancellationToken cancellationToken)
    {
        if (await gadgets.FindAsync(ownerId, id, cancellationToken) is not { } gadget)
        {
            return new(ChangeStatus.NotFound);
        }

        if (gadget.Status == to)
        {
            return new(ChangeStatus.Done, gadget);
        }

        if (!Moves.Contains((gadget.Status, to)))
        {
            return new(ChangeStatus.Conflict);
        }

        gadget.Status = to;
        gadget.Version++;
        if (to == GadgetStatus.LastState)
        {
            outbox.Enqueue(new GadgetsChanged(ownerId, Finished: 1));
        }

        return await gadgets.TrySaveAsync(cancellationToken) ? new(ChangeStatus.Done, gadget) : new(ChangeStatus.Conflict);
    }

    // Of the fields only the status changes, so the gadget itself says what the first request was.
    private async Task<GadgetCreation?> FindRepeatedAsync(
        string ownerId, string? key, NewGadget fields, CancellationToken cancellationToken)
    {
        if (key is null || await gadgets.FindByKeyAsync(ownerId, key, cancellationToken) is not { } gadget)
        {
            return null;
        }

        var isSame = new NewGadget(gadget.Reference, gadget.Quantity, gadget.Note) == fields;
        return isSame ? new(gadget) : new(null, IsKeyUsed: true);
    }

    private Gadget From(string ownerId, NewGadget fields, string? key = null) => new()
    {
        OwnerId = ownerId,
        RequestKey = key,
        Reference = fields.Reference,
        Quantity = fields.Quantity,
        Note = fields.Note,
        CreatedAt = time.GetUtcNow(),
    };
}
