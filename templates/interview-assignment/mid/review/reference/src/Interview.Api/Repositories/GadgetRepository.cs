using InterviewApi.Models;

namespace InterviewApi.Repositories;

/// <summary>Reads and writes the gadgets of one user at a time, in ascending order of the id.</summary>
public sealed class GadgetRepository(AppDbContext db)
{
    /// <summary>Reads %a gadget%; <see cref="TrySaveAsync"/> saves changes to it.</summary>
    public Task<Gadget?> FindAsync(string ownerId, long id, CancellationToken cancellationToken) =>
        db.Set<Gadget>().FirstOrDefaultAsync(gadget => gadget.Id == id && gadget.OwnerId == ownerId, cancellationToken);

    /// <summary>Reads %a gadget% with its attachment; <see cref="TrySaveAsync"/> saves changes to them.</summary>
    public Task<Gadget?> FindWithAttachmentAsync(string ownerId, long id, CancellationToken cancellationToken) =>
        db.Set<Gadget>().Include(gadget => gadget.Attachment)
            .FirstOrDefaultAsync(gadget => gadget.Id == id && gadget.OwnerId == ownerId, cancellationToken);

    /// <summary>Lists the gadgets whose id is greater than <paramref name="afterId"/>.</summary>
    public async Task<IReadOnlyList<Gadget>> ListAfterAsync(
        string ownerId, long afterId, int take, CancellationToken cancellationToken) =>
        await db.Set<Gadget>().AsNoTracking()
            .Where(gadget => gadget.OwnerId == ownerId && gadget.Id > afterId)
            .OrderBy(gadget => gadget.Id)
            .Take(take)
            .ToListAsync(cancellationToken);

    /// <summary>The changes of the status, oldest first.</summary>
    public async Task<IReadOnlyList<GadgetMove>> ListHistoryAsync(long id, CancellationToken cancellationToken) =>
        await db.Set<GadgetMove>().AsNoTracking()
            .Where(move => move.GadgetId == id)
            .OrderBy(move => move.Id)
            .ToListAsync(cancellationToken);

    public async Task AddAsync(Gadget gadget, CancellationToken cancellationToken)
    {
        db.Add(gadget);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Saves what was changed.</summary>
    /// <returns>False, and nothing is saved, if the gadget has changed since it was read.</returns>
    public async Task<bool> TrySaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }
}
