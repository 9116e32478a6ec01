using Acme.Shop.Core.Events;
using Acme.Shop.Core.Security;
using Acme.Shop.Events;
using Acme.Shop.Models;
using Acme.Shop.Repositories;

namespace Acme.Shop.Services;

/// <summary>Why a password was not set.</summary>
/// <param name="Text">For the user.</param>
/// <param name="IsWeak">Whether the new password is too easy to guess; otherwise the current one or the token is wrong.</param>
public sealed record PasswordFault(string Text, bool IsWeak);

/// <summary>Changes and resets passwords.</summary>
public sealed class PasswordService(
    AccountRepository accounts, PasswordHashing passwords, Outbox outbox, SecurityLog securityLog, TimeProvider time)
{
    /// <summary>Replaces the password of a user who knows it, and ends the user's other sessions.</summary>
    /// <returns>Null if the password was replaced.</returns>
    public async Task<PasswordFault?> ChangeAsync(
        Guid userId, string sessionId, string currentPassword, string newPassword, CancellationToken cancellationToken)
    {
        var user = await accounts.FindUserAsync(userId, cancellationToken);
        var (isValid, _) = await passwords.VerifyAsync(user, currentPassword, cancellationToken);
        var fault = user is null || !isValid
            ? new PasswordFault("The current password is wrong.", IsWeak: false)
            : await SetAsync(user, newPassword, keptSession: sessionId, cancellationToken);
        Log(fault, userId, SecurityEvent.PasswordChanged, SecurityEvent.PasswordChangeFailed);
        return fault;
    }

    /// <summary>Sends a token to an address, if it belongs to an account. The caller cannot tell, not even by the time.</summary>
    // The same statements in both cases. The e-mail is sent later, by the handler of the event.
    public async Task RequestResetAsync(string email, CancellationToken cancellationToken)
    {
        var user = await accounts.FindUserByEmailAsync(User.Normalize(email), cancellationToken);
        outbox.Enqueue(new PasswordResetRequested(user?.Id ?? Guid.CreateVersion7(time.GetUtcNow())));
        await accounts.SaveAsync(cancellationToken);
        securityLog.Write(SecurityEvent.PasswordResetRequested, user?.Id);
    }

    /// <summary>Replaces the password of a user who received a token, and ends all sessions of the user.</summary>
    /// <returns>Null if the password was replaced.</returns>
    public async Task<PasswordFault?> ResetAsync(string token, string newPassword, CancellationToken cancellationToken)
    {
        var user = await accounts.FindUserByResetTokenAsync(ResetToken.HashOf(token), cancellationToken);
        var fault = user is not { IsDisabled: false } || user.ResetTokenExpiresAt <= time.GetUtcNow()
            ? new PasswordFault("The token is wrong, was used or has expired.", IsWeak: false)
            : await SetAsync(user, newPassword, keptSession: null, cancellationToken);
        Log(fault, user?.Id, SecurityEvent.PasswordReset, SecurityEvent.PasswordResetFailed);
        return fault;
    }

    private async Task<PasswordFault?> SetAsync(
        User user, string newPassword, string? keptSession, CancellationToken cancellationToken)
    {
        if (PasswordRules.FindFault(newPassword, user.Username, user.Email, user.Email.Split('@')[0]) is { } text)
        {
            return new(text, IsWeak: true);
        }

        var newHash = await passwords.HashAsync(newPassword, cancellationToken);
        return await accounts.TryChangePasswordAsync(user, newHash, keptSession, cancellationToken)
            ? null
            : new("The password has just been changed by another request.", IsWeak: false);
    }

    private void Log(PasswordFault? fault, Guid? userId, SecurityEvent success, SecurityEvent failure)
    {
        if (fault is not { IsWeak: true })
        {
            securityLog.Write(fault is null ? success : failure, userId);
        }
    }
}
