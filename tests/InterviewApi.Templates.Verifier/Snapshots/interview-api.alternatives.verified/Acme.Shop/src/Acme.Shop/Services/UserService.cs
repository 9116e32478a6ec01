using Acme.Shop.Core;
using Acme.Shop.Core.Security;
using Acme.Shop.Models;
using Acme.Shop.Repositories;

namespace Acme.Shop.Services;

/// <inheritdoc cref="IUserService"/>
public sealed class UserService(IUserRepository users, PasswordHashing passwords, TimeProvider time) : IUserService
{
    public Task<User?> FindAsync(Guid id, CancellationToken cancellationToken) => users.FindAsync(id, cancellationToken);

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
        return await users.TryAddAsync(user, cancellationToken) ? user : null;
    }
}
