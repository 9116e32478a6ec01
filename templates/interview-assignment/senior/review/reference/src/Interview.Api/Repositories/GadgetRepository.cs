using InterviewApi.Models;

namespace InterviewApi.Repositories;

/// <summary>Reads and writes the gadgets of one user at a time, in ascending order of the id.</summary>
public sealed class GadgetRepository(AppDbContext db)
{
    private const int BatchSize = 500;

    /// <summary>Reads %a gadget%; <see cref="TrySaveAsync"/> saves changes to it.</summary>
    public Task<Gadget?> FindAsync(string ownerId, long id, CancellationToken cancellationToken) =>
        db.Set<Gadget>().FirstOrDefaultAsync(gadget => gadget.Id == id && gadget.OwnerId == ownerId, cancellationToken);

    /// <summary>Reads the gadget that a request with this idempotency key created.</summary>
    public Task<Gadget?> FindByKeyAsync(string ownerId, string key, CancellationToken cancellationToken) =>
        db.Set<Gadget>().AsNoTracking()
            .FirstOrDefaultAsync(gadget => gadget.OwnerId == ownerId && gadget.RequestKey == key, cancellationToken);

    /// <summary>Lists the gadgets whose id is greater than <paramref name="afterId"/>.</summary>
    public async Task<IReadOnlyList<Gadget>> ListAfterAsync(
        string ownerId, long afterId, int take, CancellationToken cancellationToken) =>
        await db.Set<Gadget>().AsNoTracking()
            .Where(gadget => gadget.OwnerId == ownerId && gadget.Id > afterId)
            .OrderBy(gadget => gadget.Id)
            .Take(take)
            .ToListAsync(cancellationToken);

    /// <summary>Saves %a gadget% and the event about it.</summary>
    /// <returns>False, and nothing is saved, if its owner has used the reference or the idempotency key.</returns>
    public async Task<bool> TryAddAsync(Gadget gadget, CancellationToken cancellationToken)
    {
        try
        {
            db.Add(gadget);
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (DatabaseErrors.IsConflict(exception))
        {
            db.ChangeTracker.Clear();
            return false;
        }
    }

    /// <summary>Saves many gadgets in one transaction, of which only a batch is in memory.</summary>
    /// <param name="complete">Adds the event, once all have been read.</param>
    /// <returns>False, and nothing is saved, if a reference is used.</returns>
    public async Task<bool> TryAddAllAsync(IAsyncEnumerable<Gadget> gadgets, Action complete, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            await foreach (var batch in gadgets.Chunk(BatchSize).WithCancellation(cancellationToken))
            {
                db.AddRange(batch);
                await db.SaveChangesAsync(cancellationToken);
                db.ChangeTracker.Clear();
            }

            complete();
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (DatabaseErrors.IsConflict(exception))
        {
            return false;
        }
    }

    /// <summary>Saves what was changed, with the event about it.</summary>
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
