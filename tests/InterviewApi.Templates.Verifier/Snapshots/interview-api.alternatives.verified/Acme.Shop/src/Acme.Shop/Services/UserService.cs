using Acme.Shop.Core;
using Acme.Shop.Core.Security;
using Acme.Shop.Models;
using Acme.Shop.Repositories;

namespace Acme.Shop.Services;

/// <summary>Registers and reads accounts.</summary>
public sealed class UserService(UserRepository users, PasswordHashing passwords, SecurityLog securityLog, TimeProvider time)
{
    public Task<User?> FindAsync(Guid id, CancellationToken cancellationToken) => users.FindAsync(id, cancellationToken);

    /// <returns>The new user, or null if the user name or the e-mail address is taken, regardless of case.</returns>
    /// <exception cref="PasswordQueueFullException">Too many passwords are waiting to be hashed.</exception>
    public async Task<User?> RegisterAsync(
        string username, string email, string password, CancellationToken cancellationToken)
    {
        var (normalizedUsername, normalizedEmail) = (User.Normalize(username), User.Normalize(email));
        if (await users.IsTakenAsync(normalizedUsername, normalizedEmail, cancellationToken))
        {
            return null;
        }

        var now = time.GetTimestampForStorage();
        var user = new User
        {
            Id = Guid.CreateVersion7(now),
            Username = username,
            NormalizedUsername = normalizedUsername,
            Email = email,
            NormalizedEmail = normalizedEmail,
            PasswordHash = await passwords.HashAsync(password, cancellationToken),
            CreatedAt = now,
        };
        if (!await users.TryAddAsync(user, cancellationToken))
        {
            return null;
        }

        securityLog.Registered(user.Id);
        return user;
    }
}
