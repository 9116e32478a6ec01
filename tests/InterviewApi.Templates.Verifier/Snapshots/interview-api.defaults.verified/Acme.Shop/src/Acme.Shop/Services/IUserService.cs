using Acme.Shop.Models;

namespace Acme.Shop.Services;

/// <summary>The rules of user accounts.</summary>
public interface IUserService
{
    Task<User?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <returns>The new user, or null if the name or the e-mail address is taken, in whatever case it is written.</returns>
    Task<User?> RegisterAsync(string username, string email, string password, CancellationToken cancellationToken);
}
