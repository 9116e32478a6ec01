using InterviewApi.Models;
using InterviewApi.Repositories;

namespace InterviewApi.Services;

/// <summary>The outcome of a change, with the gadget if the change was made.</summary>
public readonly record struct GadgetChange(ChangeStatus Status, Gadget? Gadget = null);

/// <summary>
/// The rules of gadgets: how their status moves, and that the last state is final. Of simultaneous changes one is made;
/// the others are conflicts. What belongs to another user is not found.
/// </summary>
public sealed class GadgetService(GadgetRepository gadgets, TimeProvider time)
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
    public Task<IReadOnlyList<Gadget>> ListAfterAsync(string ownerId, long afterId, int take, CancellationToken cancellationToken) =>
        gadgets.ListAfterAsync(ownerId, afterId, take, cancellationToken);

    /// <returns>The changes of the status, oldest first; null if the gadget is not found.</returns>
    public async Task<IReadOnlyList<GadgetMove>?> ListHistoryAsync(string ownerId, long id, CancellationToken cancellationToken) =>
        await gadgets.FindAsync(ownerId, id, cancellationToken) is not null
            ? await gadgets.ListHistoryAsync(id, cancellationToken)
            : null;

    /// <returns>Null if the gadget is not found, or has no attachment.</returns>
    public async Task<GadgetAttachment?> FindAttachmentAsync(string ownerId, long id, CancellationToken cancellationToken) =>
        (await gadgets.FindWithAttachmentAsync(ownerId, id, cancellationToken))?.Attachment;

    /// <summary>Stores %a gadget%. A reference that its owner has used is a conflict, which the database finds.</summary>
    public async Task<Gadget> CreateAsync(
        string ownerId, string reference, int quantity, string? note, CancellationToken cancellationToken)
    {
        var gadget = new Gadget
        {
            OwnerId = ownerId,
            Reference = reference,
            Quantity = quantity,
            Note = note,
            CreatedAt = time.GetUtcNow(),
        };
        await gadgets.AddAsync(gadget, cancellationToken);
        return gadget;
    }

    /// <summary>Changes the status, and records the change. The status that it has is no change.</summary>
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

        gadget.History.Add(new GadgetMove { From = gadget.Status, To = to, At = time.GetUtcNow() });
        gadget.Status = to;
        return await SaveAsync(gadget, cancellationToken);
    }

    /// <param name="attachment">The new attachment; null removes the one that is there.</param>
    public async Task<ChangeStatus> ReplaceAttachmentAsync(
        string ownerId, long id, GadgetAttachment? attachment, CancellationToken cancellationToken)
    {
        var gadget = await gadgets.FindWithAttachmentAsync(ownerId, id, cancellationToken);
        if (gadget is null || (attachment is null && gadget.Attachment is null))
        {
            return ChangeStatus.NotFound;
        }

        if (gadget.Status == GadgetStatus.LastState)
        {
            return ChangeStatus.Conflict;
        }

        gadget.Attachment = attachment;
        return (await SaveAsync(gadget, cancellationToken)).Status;
    }

    private async Task<GadgetChange> SaveAsync(Gadget gadget, CancellationToken cancellationToken)
    {
        gadget.Version++;
        return await gadgets.TrySaveAsync(cancellationToken) ? new(ChangeStatus.Done, gadget) : new(ChangeStatus.Conflict);
    }
}
