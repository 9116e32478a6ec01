using InterviewApi.Core.Events;
using InterviewApi.Core.Security;
using InterviewApi.Events;
using InterviewApi.Models;
using InterviewApi.Repositories;

namespace InterviewApi.Services;

/// <summary>Why a password was not set.</summary>
/// <param name="Text">For the user.</param>
/// <param name="IsWeak">Whether the new password is too easy to guess; otherwise the current one or the token is wrong.</param>
public sealed record PasswordFault(string Text, bool IsWeak);

/// <summary>Registers, reads and administers accounts, and changes and resets their passwords.</summary>
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
        var now = time.GetUtcNow();
        var user = new User
        {
            Id = Guid.CreateVersion7(now),
            Username = username,
            NormalizedUsername = User.Normalize(username),
            Email = email,
            NormalizedEmail = User.Normalize(email),
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

    /// <summary>Replaces the password of a user who knows it, and ends the user's other sessions.</summary>
    /// <returns>Null if the password was replaced.</returns>
    public async Task<PasswordFault?> ChangePasswordAsync(
        Guid userId, string sessionId, string currentPassword, string newPassword, CancellationToken cancellationToken)
    {
        var user = await accounts.FindUserAsync(userId, cancellationToken);
        var (isValid, _) = await passwords.VerifyAsync(user, currentPassword, cancellationToken);
        var fault = user is null || !isValid
            ? new PasswordFault("The current password is wrong.", IsWeak: false)
            : await SetPasswordAsync(user, newPassword, keptSession: sessionId, cancellationToken);
        LogPassword(fault, userId, SecurityEvent.PasswordChanged, SecurityEvent.PasswordChangeFailed);
        return fault;
    }

    /// <summary>Sends a token to an address, if it belongs to an account. The caller cannot tell, not even by how long it takes.</summary>
    // The same statements in both cases. The e-mail is sent later, by the handler of the event.
    public async Task RequestPasswordResetAsync(string email, CancellationToken cancellationToken)
    {
        var user = await accounts.FindUserByEmailAsync(User.Normalize(email), cancellationToken);
        outbox.Enqueue(new PasswordResetRequested(user?.Id ?? Guid.CreateVersion7(time.GetUtcNow())));
        await accounts.SaveAsync(cancellationToken);
        securityLog.Write(SecurityEvent.PasswordResetRequested, user?.Id);
    }

    /// <summary>Replaces the password of a user who received a token, and ends all sessions of the user.</summary>
    /// <returns>Null if the password was replaced.</returns>
    public async Task<PasswordFault?> ResetPasswordAsync(string token, string newPassword, CancellationToken cancellationToken)
    {
        var user = await accounts.FindUserByResetTokenAsync(ResetToken.HashOf(token), cancellationToken);
        var fault = user is not { IsDisabled: false } || user.ResetTokenExpiresAt <= time.GetUtcNow()
            ? new PasswordFault("The token is wrong, was used or has expired.", IsWeak: false)
            : await SetPasswordAsync(user, newPassword, keptSession: null, cancellationToken);
        LogPassword(fault, user?.Id, SecurityEvent.PasswordReset, SecurityEvent.PasswordResetFailed);
        return fault;
    }

    private Task<User?> FindAsync(string username, CancellationToken cancellationToken) =>
        User.IsUsername(username)
            ? accounts.FindUserAsync(User.Normalize(username), cancellationToken)
            : Task.FromResult<User?>(null);

    private async Task<PasswordFault?> SetPasswordAsync(
        User user, string newPassword, string? keptSession, CancellationToken cancellationToken)
    {
        if (PasswordRules.FindFault(newPassword, user.Username, user.Email) is { } text)
        {
            return new(text, IsWeak: true);
        }

        var newHash = await passwords.HashAsync(newPassword, cancellationToken);
        return await accounts.TryChangePasswordAsync(user, newHash, keptSession, cancellationToken)
            ? null
            : new("The password has just been changed by another request.", IsWeak: false);
    }

    private void LogPassword(PasswordFault? fault, Guid? userId, SecurityEvent success, SecurityEvent failure)
    {
        if (fault is not { IsWeak: true })
        {
            securityLog.Write(fault is null ? success : failure, userId);
        }
    }
}
