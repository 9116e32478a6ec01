using InterviewApi.Core.Events;
using InterviewApi.Core.Security;
using InterviewApi.Events;
using InterviewApi.Models;
using InterviewApi.Repositories;

namespace InterviewApi.Services;

/// <summary>Registers and reads accounts.</summary>
public sealed class UserService(
    AccountRepository accounts, PasswordHashing passwords, Outbox outbox, SecurityLog securityLog, TimeProvider time)
{
    public Task<User?> FindAsync(Guid id, CancellationToken cancellationToken) => accounts.FindUserAsync(id, cancellationToken);

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
}
