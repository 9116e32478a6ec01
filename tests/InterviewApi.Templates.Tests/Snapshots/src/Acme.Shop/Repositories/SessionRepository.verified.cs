using Acme.Shop.Core.Data;
using Acme.Shop.Models;
using Microsoft.EntityFrameworkCore;

namespace Acme.Shop.Repositories;

/// <summary>Sessions in the database.</summary>
public sealed class SessionRepository(AppDbContext db)
{
    // Compiled once, because every request with a token runs it.
    private static readonly Func<AppDbContext, string, Guid, CancellationToken, Task<bool>> ExistsQuery =
        EF.CompileAsyncQuery((AppDbContext db, string id, Guid userId, CancellationToken cancellationToken) =>
            db.Set<Session>().Any(session => session.Id == id && session.UserId == userId));

    /// <summary>Reads a session together with its user.</summary>
    public Task<Session?> FindAsync(string id, CancellationToken cancellationToken) =>
        db.Set<Session>()
            .AsNoTracking()
            .Include(session => session.User)
            .FirstOrDefaultAsync(session => session.Id == id, cancellationToken);

    public Task<bool> ExistsAsync(string id, Guid userId, CancellationToken cancellationToken) =>
        ExistsQuery(db, id, userId, cancellationToken);
@@ websockets=true

    /// <summary>Returns the ids that belong to existing sessions.</summary>
    // One array parameter, so that the number of ids does not change the statement.
    public Task<string[]> FindExistingAsync(string[] ids, CancellationToken cancellationToken) =>
        db.Set<Session>()
            .Where(session => EF.Parameter(ids).Contains(session.Id))
            .Select(session => session.Id)
            .ToArrayAsync(cancellationToken);
@@ always

    public async Task AddAsync(Session session, CancellationToken cancellationToken)
    {
        db.Add(session);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Replaces the current refresh token with its successor in one atomic statement.</summary>
    /// <param name="currentHash">The hash of the token that the client presented.</param>
    /// <param name="successor">The session with the values to store.</param>
    /// <returns>False if the presented token is not, or is no longer, the current one.</returns>
    public async Task<bool> TryRotateAsync(string currentHash, Session successor, CancellationToken cancellationToken)
    {
        var changed = await db.Set<Session>()
            .Where(session => session.Id == successor.Id && session.RefreshTokenHash == currentHash)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(session => session.RefreshTokenHash, successor.RefreshTokenHash)
                    .SetProperty(session => session.RotationKey, successor.RotationKey)
                    .SetProperty(session => session.RotatedAt, successor.RotatedAt)
                    .SetProperty(session => session.ExpiresAt, successor.ExpiresAt),
                cancellationToken);
        return changed == 1;
    }

    /// <returns>False if the session does not exist.</returns>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) =>
        await db.Set<Session>().Where(session => session.Id == id).ExecuteDeleteAsync(cancellationToken) == 1;

    public Task RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        db.Set<Session>().Where(session => session.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Removes the least recently used sessions of a user beyond <paramref name="limit"/>.</summary>
    /// <returns>How many were removed.</returns>
    // Concurrent logins agree on the order, so none of them removes the session that the others keep.
    public Task<int> RemoveBeyondAsync(int limit, Guid userId, CancellationToken cancellationToken) =>
        db.Set<Session>()
            .Where(session => session.UserId == userId)
            .OrderByDescending(session => session.RotatedAt)
            .ThenBy(session => session.Id)
            .Skip(limit)
            .ExecuteDeleteAsync(cancellationToken);
}
