using Acme.Shop.Core.Data;
using Acme.Shop.Models;
using Microsoft.EntityFrameworkCore;

namespace Acme.Shop.Repositories;

/// <summary>Users in the database.</summary>
public sealed class UserRepository(AppDbContext db)
{
    private IQueryable<User> Users => db.Set<User>().AsNoTracking();

    public Task<User?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        Users.FirstOrDefaultAsync(user => user.Id == id, cancellationToken);

    public Task<User?> FindByUsernameAsync(string normalizedUsername, CancellationToken cancellationToken) =>
        Users.FirstOrDefaultAsync(user => user.NormalizedUsername == normalizedUsername, cancellationToken);

    /// <summary>Returns whether an account has this user name or this e-mail address.</summary>
    public Task<bool> IsTakenAsync(string normalizedUsername, string normalizedEmail, CancellationToken cancellationToken) =>
        Users.AnyAsync(
            user => user.NormalizedUsername == normalizedUsername || user.NormalizedEmail == normalizedEmail,
            cancellationToken);

    /// <returns>False if the user name or the e-mail address is taken.</returns>
    public async Task<bool> TryAddAsync(User user, CancellationToken cancellationToken)
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
        db.Set<User>()
            .Where(stored => stored.Id == user.Id && stored.PasswordHash == user.PasswordHash)
            .ExecuteUpdateAsync(set => set.SetProperty(stored => stored.PasswordHash, newHash), cancellationToken);
}
