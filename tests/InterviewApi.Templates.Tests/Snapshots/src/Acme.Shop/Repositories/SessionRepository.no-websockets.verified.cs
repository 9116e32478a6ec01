using Acme.Shop.Core.Data;
using Acme.Shop.Models;
using Microsoft.EntityFrameworkCore;

namespace Acme.Shop.Repositories;

/// <summary>Sessions in the database.</summary>
public sealed class SessionRepository(AppDbContext db) : ISessionRepository
{
    // Compiled once: every request with a token asks it.
    private static readonly Func<AppDbContext, string, Guid, CancellationToken, Task<bool>> ExistsQuery =
        EF.CompileAsyncQuery((AppDbContext db, string id, Guid userId, CancellationToken cancellationToken) =>
            db.Set<Session>().Any(session => session.Id == id && session.UserId == userId));

    public Task<Session?> FindAsync(string id, CancellationToken cancellationToken) =>
        db.Set<Session>()
            .AsNoTracking()
            .Include(session => session.User)
            .FirstOrDefaultAsync(session => session.Id == id, cancellationToken);

    public Task<bool> ExistsAsync(string id, Guid userId, CancellationToken cancellationToken) =>
        ExistsQuery(db, id, userId, cancellationToken);

    public async Task AddAsync(Session session, CancellationToken cancellationToken)
    {
        db.Add(session);
        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task<bool> TryRotateAsync(
        string id, string currentHash, string newHash, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var changed = await db.Set<Session>()
            .Where(session => session.Id == id && session.RefreshTokenHash == currentHash)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(session => session.RefreshTokenHash, newHash)
                    .SetProperty(session => session.ExpiresAt, expiresAt),
                cancellationToken);
        return changed == 1;
    }

    public Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        db.Set<Session>().Where(session => session.Id == id).ExecuteDeleteAsync(cancellationToken);

    public Task RemoveExpiredAsync(DateTimeOffset time, CancellationToken cancellationToken) =>
        db.Set<Session>().Where(session => session.ExpiresAt <= time).ExecuteDeleteAsync(cancellationToken);
}
