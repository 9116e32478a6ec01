using Acme.Shop.Models;

namespace Acme.Shop.Repositories;

/// <summary>Users and their sessions in the database.</summary>
public sealed class AccountRepository(AppDbContext db)
{
    // Compiled once, because every request with a token runs it.
    private static readonly Func<AppDbContext, string, Guid, string?, CancellationToken, Task<bool>> HasSessionQuery =
        EF.CompileAsyncQuery((AppDbContext db, string id, Guid userId, string? role, CancellationToken cancellationToken) =>
            db.Set<Session>().Any(session => session.Id == id && session.UserId == userId
                && !session.User!.IsDisabled && (role == null || session.User.Role == role)));

    private IQueryable<User> Users => db.Set<User>().AsNoTracking();

    private IQueryable<Session> Sessions => db.Set<Session>().AsNoTracking();

    public Task<User?> FindUserAsync(Guid id, CancellationToken cancellationToken) =>
        Users.FirstOrDefaultAsync(user => user.Id == id, cancellationToken);

    public Task<User?> FindUserAsync(string normalizedUsername, CancellationToken cancellationToken) =>
        Users.FirstOrDefaultAsync(user => user.NormalizedUsername == normalizedUsername, cancellationToken);

    public Task<User?> FindUserByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        Users.FirstOrDefaultAsync(user => user.NormalizedEmail == normalizedEmail, cancellationToken);

    public Task<User?> FindUserByResetTokenAsync(string tokenHash, CancellationToken cancellationToken) =>
        Users.FirstOrDefaultAsync(user => user.ResetTokenHash == tokenHash, cancellationToken);

    /// <returns>False if the user name or the e-mail address is taken.</returns>
    public async Task<bool> TryAddUserAsync(User user, CancellationToken cancellationToken)
    {
        db.Add(user);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (DatabaseErrors.IsConflict(exception))
        {
            return false;
        }
    }

    public async Task<IReadOnlyList<User>> ListUsersAsync(int skip, int take, CancellationToken cancellationToken) =>
        await Users.OrderBy(user => user.NormalizedUsername).Skip(skip).Take(take).ToListAsync(cancellationToken);

    /// <summary>Replaces the hash of a password, unless the password or the account has changed since it was read.</summary>
    public async Task<bool> TryReplacePasswordHashAsync(User user, string newHash, CancellationToken cancellationToken) =>
        await Users.Where(stored => stored.Id == user.Id && stored.PasswordHash == user.PasswordHash && !stored.IsDisabled)
            .ExecuteUpdateAsync(set => set.SetProperty(stored => stored.PasswordHash, newHash), cancellationToken) == 1;

    /// <summary>Sets a new password, uses up the token of a reset, and ends the other sessions, in one transaction.</summary>
    /// <returns>False if the password or the token has changed since the user was read.</returns>
    public Task<bool> TryChangePasswordAsync(
        User user, string newHash, string? keptSession, CancellationToken cancellationToken) =>
        db.Database.CreateExecutionStrategy().ExecuteInTransactionAsync(
            async cancellation =>
            {
                var isChanged = await Users
                    .Where(stored => stored.Id == user.Id && !stored.IsDisabled
                        && stored.PasswordHash == user.PasswordHash && stored.ResetTokenHash == user.ResetTokenHash)
                    .ExecuteUpdateAsync(
                        set => set
                            .SetProperty(stored => stored.PasswordHash, newHash)
                            .SetProperty(stored => stored.ResetTokenHash, (string?)null)
                            .SetProperty(stored => stored.ResetTokenExpiresAt, (DateTimeOffset?)null),
                        cancellation) == 1;
                if (isChanged)
                {
                    await RemoveSessionsAsync(user.Id, keptSession, cancellation);
                }

                return isChanged;
            },
            cancellation => Users.AnyAsync(stored => stored.Id == user.Id && stored.PasswordHash == newHash, cancellation),
            cancellationToken);

    public Task SetResetTokenAsync(Guid userId, string hash, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        Users.Where(user => user.Id == userId).ExecuteUpdateAsync(
            set => set.SetProperty(user => user.ResetTokenHash, hash).SetProperty(user => user.ResetTokenExpiresAt, expiresAt),
            cancellationToken);

    public Task SaveAsync(CancellationToken cancellationToken) => db.SaveChangesAsync(cancellationToken);

    public Task SetRoleAsync(Guid userId, string? role, CancellationToken cancellationToken) =>
        Users.Where(user => user.Id == userId)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.Role, role), cancellationToken);

    public Task SetDisabledAsync(Guid userId, bool isDisabled, CancellationToken cancellationToken) =>
        Users.Where(user => user.Id == userId)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.IsDisabled, isDisabled), cancellationToken);

    /// <summary>Reads a session together with its user.</summary>
    public Task<Session?> FindSessionAsync(string id, CancellationToken cancellationToken) =>
        Sessions.Include(session => session.User).FirstOrDefaultAsync(session => session.Id == id, cancellationToken);

    public async Task<IReadOnlyList<Session>> ListSessionsAsync(Guid userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await Sessions.Where(session => session.UserId == userId && session.ExpiresAt > now)
            .OrderByDescending(session => session.RotatedAt)
            .ToListAsync(cancellationToken);

    /// <summary>Returns whether a session exists and its user is enabled and has the role, if one is given.</summary>
    public Task<bool> HasSessionAsync(string id, Guid userId, string? role, CancellationToken cancellationToken) =>
        HasSessionQuery(db, id, userId, role, cancellationToken);
@@ websockets=true

    /// <summary>Returns the ids that belong to existing sessions of enabled users.</summary>
    // One array parameter, so that the number of ids does not change the statement.
    public Task<string[]> FindSessionIdsAsync(string[] ids, CancellationToken cancellationToken) =>
        Sessions.Where(session => EF.Parameter(ids).Contains(session.Id) && !session.User!.IsDisabled)
            .Select(session => session.Id)
            .ToArrayAsync(cancellationToken);
@@ always

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

    /// <returns>False if the user has no such session.</returns>
    public async Task<bool> RemoveSessionAsync(string id, Guid userId, CancellationToken cancellationToken) =>
        await Sessions.Where(session => session.Id == id && session.UserId == userId).ExecuteDeleteAsync(cancellationToken) == 1;

    /// <summary>Removes the sessions of a user, except for one if its id is given.</summary>
    public Task RemoveSessionsAsync(Guid userId, string? keptId, CancellationToken cancellationToken) =>
        Sessions.Where(session => session.UserId == userId && session.Id != keptId).ExecuteDeleteAsync(cancellationToken);

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
