using InterviewApi.Models;

namespace InterviewApi.Repositories;

/// <summary>Users and their sessions in the database.</summary>
public sealed class AccountRepository(AppDbContext db)
{
    // Compiled once, because every request with a token runs it.
    private static readonly Func<AppDbContext, string, Guid, CancellationToken, Task<bool>> HasSessionQuery =
        EF.CompileAsyncQuery((AppDbContext db, string id, Guid userId, CancellationToken cancellationToken) =>
            db.Set<Session>().Any(session => session.Id == id && session.UserId == userId));

    private IQueryable<User> Users => db.Set<User>().AsNoTracking();

    private IQueryable<Session> Sessions => db.Set<Session>().AsNoTracking();

    public Task<User?> FindUserAsync(Guid id, CancellationToken cancellationToken) =>
        Users.FirstOrDefaultAsync(user => user.Id == id, cancellationToken);

    public Task<User?> FindUserAsync(string normalizedUsername, CancellationToken cancellationToken) =>
        Users.FirstOrDefaultAsync(user => user.NormalizedUsername == normalizedUsername, cancellationToken);

    public Task<bool> IsTakenAsync(string normalizedUsername, string normalizedEmail, CancellationToken cancellationToken) =>
        Users.AnyAsync(
            user => user.NormalizedUsername == normalizedUsername || user.NormalizedEmail == normalizedEmail,
            cancellationToken);

    /// <returns>False if the user name or the e-mail address is taken.</returns>
    public async Task<bool> TryAddUserAsync(User user, CancellationToken cancellationToken)
    {
        db.Add(user);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            // Each database reports duplicates differently, so query for one instead.
            db.ChangeTracker.Clear();
            if (await IsTakenAsync(user.NormalizedUsername, user.NormalizedEmail, cancellationToken))
            {
                return false;
            }

            throw;
        }
    }

    /// <summary>Replaces the hash of a password, unless the password has changed in the meantime.</summary>
    public Task ReplacePasswordHashAsync(User user, string newHash, CancellationToken cancellationToken) =>
        Users.Where(stored => stored.Id == user.Id && stored.PasswordHash == user.PasswordHash)
            .ExecuteUpdateAsync(set => set.SetProperty(stored => stored.PasswordHash, newHash), cancellationToken);

    /// <summary>Reads a session together with its user.</summary>
    public Task<Session?> FindSessionAsync(string id, CancellationToken cancellationToken) =>
        Sessions.Include(session => session.User).FirstOrDefaultAsync(session => session.Id == id, cancellationToken);

    public Task<bool> HasSessionAsync(string id, Guid userId, CancellationToken cancellationToken) =>
        HasSessionQuery(db, id, userId, cancellationToken);

#if (UseWebSockets)
    /// <summary>Returns the ids that belong to existing sessions.</summary>
    // One array parameter, so that the number of ids does not change the statement.
    public Task<string[]> FindSessionIdsAsync(string[] ids, CancellationToken cancellationToken) =>
        Sessions.Where(session => EF.Parameter(ids).Contains(session.Id))
            .Select(session => session.Id)
            .ToArrayAsync(cancellationToken);

#endif
    public async Task AddSessionAsync(Session session, CancellationToken cancellationToken)
    {
        db.Add(session);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Replaces the current refresh token with its successor in one atomic statement.</summary>
    /// <returns>False if <paramref name="currentHash"/> is not, or is no longer, the hash of the current token.</returns>
    public async Task<bool> TryRotateAsync(string currentHash, Session successor, CancellationToken cancellationToken) =>
        await Sessions.Where(session => session.Id == successor.Id && session.RefreshTokenHash == currentHash)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(session => session.RefreshTokenHash, successor.RefreshTokenHash)
                    .SetProperty(session => session.RotationKey, successor.RotationKey)
                    .SetProperty(session => session.RotatedAt, successor.RotatedAt)
                    .SetProperty(session => session.ExpiresAt, successor.ExpiresAt),
                cancellationToken) == 1;

    /// <returns>False if the session does not exist.</returns>
    public async Task<bool> RemoveSessionAsync(string id, CancellationToken cancellationToken) =>
        await Sessions.Where(session => session.Id == id).ExecuteDeleteAsync(cancellationToken) == 1;

    public Task RemoveExpiredSessionsAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Sessions.Where(session => session.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Removes the least recently used sessions of a user beyond <paramref name="limit"/>.</summary>
    /// <returns>How many were removed.</returns>
    // Concurrent logins agree on the order, so none of them removes the session that the others keep.
    public Task<int> RemoveSessionsBeyondAsync(int limit, Guid userId, CancellationToken cancellationToken) =>
        Sessions.Where(session => session.UserId == userId)
            .OrderByDescending(session => session.RotatedAt)
            .ThenBy(session => session.Id)
            .Skip(limit)
            .ExecuteDeleteAsync(cancellationToken);
}
