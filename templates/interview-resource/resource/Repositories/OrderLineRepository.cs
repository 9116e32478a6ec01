using InterviewApi.Models;

namespace InterviewApi.Repositories;

#if (IsOwned)
/// <summary>Reads and writes the order lines of one user at a time, in ascending order of the id.</summary>
#else
/// <summary>Reads and writes order lines, in ascending order of the id.</summary>
#endif
public sealed class OrderLineRepository(AppDbContext db)
{
#if (IsOwned)
    /// <summary>Reads %an order line% for display; changes to it are not saved.</summary>
    public Task<OrderLine?> FindAsync(string ownerId, long id, CancellationToken cancellationToken) =>
        db.Set<OrderLine>().AsNoTracking()
            .FirstOrDefaultAsync(orderLine => orderLine.Id == id && orderLine.OwnerId == ownerId, cancellationToken);

    /// <summary>Lists the order lines whose id is greater than <paramref name="afterId"/>.</summary>
    public async Task<IReadOnlyList<OrderLine>> ListAfterAsync(
        string ownerId, long afterId, int take, CancellationToken cancellationToken) =>
        await db.Set<OrderLine>().AsNoTracking()
            .Where(orderLine => orderLine.OwnerId == ownerId && orderLine.Id > afterId)
            .OrderBy(orderLine => orderLine.Id)
            .Take(take)
            .ToListAsync(cancellationToken);
#else
    /// <summary>Reads %an order line% for display; changes to it are not saved.</summary>
    public Task<OrderLine?> FindAsync(long id, CancellationToken cancellationToken) =>
        db.Set<OrderLine>().AsNoTracking().FirstOrDefaultAsync(orderLine => orderLine.Id == id, cancellationToken);

    /// <summary>Lists the order lines whose id is greater than <paramref name="afterId"/>.</summary>
    public async Task<IReadOnlyList<OrderLine>> ListAfterAsync(long afterId, int take, CancellationToken cancellationToken) =>
        await db.Set<OrderLine>().AsNoTracking()
            .Where(orderLine => orderLine.Id > afterId)
            .OrderBy(orderLine => orderLine.Id)
            .Take(take)
            .ToListAsync(cancellationToken);
#endif
#if (CanWrite)

    /// <summary>Reads %an order line% to change; <see cref="TrySaveAsync"/> saves it.</summary>
#endif
#if (IsOwned)
    public Task<OrderLine?> FindForChangeAsync(string ownerId, long id, CancellationToken cancellationToken) =>
        db.Set<OrderLine>()
            .FirstOrDefaultAsync(orderLine => orderLine.Id == id && orderLine.OwnerId == ownerId, cancellationToken);
#endif
#if (CanWrite && !IsOwned)
    public Task<OrderLine?> FindForChangeAsync(long id, CancellationToken cancellationToken) =>
        db.Set<OrderLine>().FirstOrDefaultAsync(orderLine => orderLine.Id == id, cancellationToken);
#endif
#if (CanWrite)

    public async Task AddAsync(OrderLine orderLine, CancellationToken cancellationToken)
    {
        db.Add(orderLine);
        await db.SaveChangesAsync(cancellationToken);
    }

    public void Remove(OrderLine orderLine) => db.Remove(orderLine);

    /// <summary>Saves what was changed or removed.</summary>
    /// <returns>False, and nothing is saved, if the order line has changed since it was read.</returns>
    public async Task<bool> TrySaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return false;
        }
    }
#endif
}
