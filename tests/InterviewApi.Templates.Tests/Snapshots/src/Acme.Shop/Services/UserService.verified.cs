using Acme.Shop.Core.Events;
using Acme.Shop.Core.Security;
using Acme.Shop.Events;
using Acme.Shop.Models;
using Acme.Shop.Repositories;

namespace Acme.Shop.Services;

/// <summary>Registers, reads and administers accounts.</summary>
public sealed class UserService(
    AccountRepository accounts, PasswordHashing passwords, Outbox outbox, SecurityLog securityLog, TimeProvider time)
{
    public Task<User?> FindAsync(Guid id, CancellationToken cancellationToken) => accounts.FindUserAsync(id, cancellationToken);

    /// <summary>Lists users by name.</summary>
    public Task<IReadOnlyList<User>> ListAsync(int skip, int take, CancellationToken cancellationToken) =>
        accounts.ListUsersAsync(skip, take, cancellationToken);

    /// <summary>Gives a user a role or removes it. Tokens with the old role are rejected from now on.</summary>
    /// <returns>False if no enabled user has the name.</returns>
    public async Task<bool> SetRoleAsync(string username, string? role, CancellationToken cancellationToken)
    {
        if (await FindAsync(username, cancellationToken) is not { IsDisabled: false } user)
        {
            return false;
        }

        await accounts.SetRoleAsync(user.Id, role, cancellationToken);
        securityLog.Write(SecurityEvent.RoleChanged, user.Id);
        return true;
    }

    /// <summary>Closes an account and ends its sessions, or opens it again. Tokens are rejected from now on.</summary>
    /// <returns>False if no user has the name.</returns>
    public async Task<bool> SetDisabledAsync(string username, bool isDisabled, CancellationToken cancellationToken)
    {
        if (await FindAsync(username, cancellationToken) is not { } user)
        {
            return false;
        }

        // In this order: a session that a login adds in between is rejected now, and removed when the account is opened.
        await accounts.RemoveSessionsAsync(user.Id, keptId: null, cancellationToken);
        await accounts.SetDisabledAsync(user.Id, isDisabled, cancellationToken);
        securityLog.Write(isDisabled ? SecurityEvent.AccountDisabled : SecurityEvent.AccountEnabled, user.Id);
        return true;
    }

    /// <returns>The new user, or null if the user name or the e-mail address is taken, regardless of case.</returns>
    public async Task<User?> RegisterAsync(string username, string email, string password, CancellationToken cancellationToken)
    {
        var (normalizedUsername, normalizedEmail) = (User.Normalize(username), User.Normalize(email));
        if (await accounts.IsTakenAsync(normalizedUsername, normalizedEmail, cancellationToken))
        {
            return null;
        }

        var now = time.GetUtcNow();
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
        outbox.Enqueue(new UserRegistered(user.Id));
        if (!await accounts.TryAddUserAsync(user, cancellationToken))
        {
            return null;
        }

        securityLog.Write(SecurityEvent.Registered, user.Id);
        return user;
    }

    private Task<User?> FindAsync(string username, CancellationToken cancellationToken) =>
        User.IsUsername(username)
            ? accounts.FindUserAsync(User.Normalize(username), cancellationToken)
            : Task.FromResult<User?>(null);
}
