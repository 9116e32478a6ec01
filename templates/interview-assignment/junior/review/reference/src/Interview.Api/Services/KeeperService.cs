using InterviewApi.Models;
using InterviewApi.Repositories;

namespace InterviewApi.Services;

/// <summary>The rules of keepers.</summary>
public sealed class KeeperService(KeeperRepository keepers)
{
    public Task<Keeper?> FindAsync(long id, CancellationToken cancellationToken) => keepers.FindAsync(id, cancellationToken);

    public async Task<Keeper> CreateAsync(string name, CancellationToken cancellationToken)
    {
        var keeper = new Keeper { Name = name };
        await keepers.AddAsync(keeper, cancellationToken);
        return keeper;
    }
}
