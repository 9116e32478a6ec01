using InterviewApi.Models;

namespace InterviewApi.Repositories;

/// <summary>The statistics of each user.</summary>
public sealed class GadgetStatisticsRepository(AppDbContext db)
{
    /// <returns>Null if nothing has happened yet.</returns>
    public Task<GadgetStatistics?> FindAsync(string ownerId, CancellationToken cancellationToken) =>
        db.Set<GadgetStatistics>().AsNoTracking().FirstOrDefaultAsync(one => one.OwnerId == ownerId, cancellationToken);

    /// <summary>Adds to the statistics, and saves this with everything else that the unit of work holds.</summary>
    public async Task AddAsync(string ownerId, int created, long quantity, int finished, CancellationToken cancellationToken)
    {
        var statistics = await db.Set<GadgetStatistics>().FirstOrDefaultAsync(one => one.OwnerId == ownerId, cancellationToken);
        if (statistics is null)
        {
            statistics = new GadgetStatistics { OwnerId = ownerId };
            db.Add(statistics);
        }

        statistics.Created += created;
        statistics.Quantity += quantity;
        statistics.Finished += finished;
        statistics.Version++;
        await db.SaveChangesAsync(cancellationToken);
    }
}
