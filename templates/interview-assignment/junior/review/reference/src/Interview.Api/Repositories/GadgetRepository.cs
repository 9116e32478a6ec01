using InterviewApi.Models;

namespace InterviewApi.Repositories;

/// <summary>Reads and writes the gadgets of one keeper, in ascending order of the reference.</summary>
public sealed class GadgetRepository(AppDbContext db)
{
    /// <summary>Reads %a gadget%; <see cref="TrySaveAsync"/> saves changes to it.</summary>
    public Task<Gadget?> FindAsync(long keeperId, long id, CancellationToken cancellationToken) =>
        db.Set<Gadget>().FirstOrDefaultAsync(gadget => gadget.Id == id && gadget.KeeperId == keeperId, cancellationToken);

    /// <summary>Lists one page, and counts the gadgets of all pages.</summary>
    /// <param name="status">Only gadgets in this state; null lists all.</param>
    public async Task<(IReadOnlyList<Gadget> Items, int Total)> ListAsync(
        long keeperId, GadgetStatus? status, int page, int pageSize, CancellationToken cancellationToken)
    {
        var gadgets = db.Set<Gadget>().AsNoTracking().Where(gadget => gadget.KeeperId == keeperId);
        if (status is not null)
        {
            gadgets = gadgets.Where(gadget => gadget.Status == status);
        }

        var total = await gadgets.CountAsync(cancellationToken);
        var skip = (page - 1L) * pageSize;
        if (skip >= total)
        {
            return ([], total);
        }

        var items = await gadgets
            .OrderBy(gadget => gadget.Reference)
            .Skip((int)skip)
            .Take(pageSize)
            .ToListAsync(cancellationToken);
        return (items, total);
    }

    public async Task AddAsync(Gadget gadget, CancellationToken cancellationToken)
    {
        db.Add(gadget);
        await db.SaveChangesAsync(cancellationToken);
    }

    public void Remove(Gadget gadget) => db.Remove(gadget);

    /// <summary>Saves what was changed or removed. A reference that exists is a conflict.</summary>
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
