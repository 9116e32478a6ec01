using InterviewApi.Models;
using InterviewApi.Repositories;

namespace InterviewApi.Services;

/// <summary>The outcome of a change, with the gadget if the change was made.</summary>
public readonly record struct GadgetChange(ChangeStatus Status, Gadget? Gadget = null);

/// <summary>
/// The rules of gadgets: the keeper exists, and the last state is final. The database keeps a reference unique within
/// its keeper, also for simultaneous requests.
/// </summary>
public sealed class GadgetService(GadgetRepository gadgets, KeeperRepository keepers, TimeProvider time)
{
    public Task<Gadget?> FindAsync(long keeperId, long id, CancellationToken cancellationToken) =>
        gadgets.FindAsync(keeperId, id, cancellationToken);

    /// <returns>Null if the keeper does not exist.</returns>
    public async Task<(IReadOnlyList<Gadget> Items, int Total)?> ListAsync(
        long keeperId, GadgetStatus? status, int page, int pageSize, CancellationToken cancellationToken) =>
        await keepers.ExistsAsync(keeperId, cancellationToken)
            ? await gadgets.ListAsync(keeperId, status, page, pageSize, cancellationToken)
            : null;

    /// <returns>Null if the keeper does not exist.</returns>
    public async Task<Gadget?> CreateAsync(
        long keeperId, string reference, int quantity, string? note, CancellationToken cancellationToken)
    {
        if (!await keepers.ExistsAsync(keeperId, cancellationToken))
        {
            return null;
        }

        var gadget = new Gadget
        {
            KeeperId = keeperId,
            Reference = reference,
            Quantity = quantity,
            Note = note,
            CreatedAt = time.GetUtcNow(),
        };
        await gadgets.AddAsync(gadget, cancellationToken);
        return gadget;
    }

    /// <param name="change">Sets the new fields.</param>
    public Task<GadgetChange> UpdateAsync(long keeperId, long id, Action<Gadget> change, CancellationToken cancellationToken) =>
        ChangeAsync(keeperId, id, change, cancellationToken);

    public Task<GadgetChange> DeleteAsync(long keeperId, long id, CancellationToken cancellationToken) =>
        ChangeAsync(keeperId, id, gadgets.Remove, cancellationToken);

    private async Task<GadgetChange> ChangeAsync(
        long keeperId, long id, Action<Gadget> change, CancellationToken cancellationToken)
    {
        if (await gadgets.FindAsync(keeperId, id, cancellationToken) is not { } gadget)
        {
            return new(ChangeStatus.NotFound);
        }

        if (gadget.Status == GadgetStatus.LastState)
        {
            return new(ChangeStatus.Conflict);
        }

        change(gadget);
        gadget.Version++;
        return await gadgets.TrySaveAsync(cancellationToken) ? new(ChangeStatus.Done, gadget) : new(ChangeStatus.Conflict);
    }
}
