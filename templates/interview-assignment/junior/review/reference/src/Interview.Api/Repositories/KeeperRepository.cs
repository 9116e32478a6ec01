using InterviewApi.Models;

namespace InterviewApi.Repositories;

/// <summary>Reads and writes keepers.</summary>
public sealed class KeeperRepository(AppDbContext db)
{
    public Task<Keeper?> FindAsync(long id, CancellationToken cancellationToken) =>
        db.Set<Keeper>().AsNoTracking().FirstOrDefaultAsync(keeper => keeper.Id == id, cancellationToken);

    public Task<bool> ExistsAsync(long id, CancellationToken cancellationToken) =>
        db.Set<Keeper>().AnyAsync(keeper => keeper.Id == id, cancellationToken);

    public async Task AddAsync(Keeper keeper, CancellationToken cancellationToken)
    {
        db.Add(keeper);
        await db.SaveChangesAsync(cancellationToken);
    }
}
