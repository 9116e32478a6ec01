using Acme.Shop.Models;

namespace Acme.Shop.Repositories;

/// <summary>Stores users.</summary>
public interface IUserRepository
{
    Task<User?> FindAsync(Guid id, CancellationToken cancellationToken);

    Task<User?> FindByUsernameAsync(string normalizedUsername, CancellationToken cancellationToken);

    /// <summary>Tells whether somebody has this name or this e-mail address.</summary>
    Task<bool> IsTakenAsync(string normalizedUsername, string normalizedEmail, CancellationToken cancellationToken);

    /// <returns>False if the name or the e-mail address is taken.</returns>
    Task<bool> TryAddAsync(User user, CancellationToken cancellationToken);

    /// <summary>Replaces the hash of a password, unless the password was changed in the meantime.</summary>
    Task ReplacePasswordHashAsync(User user, string newHash, CancellationToken cancellationToken);
}
