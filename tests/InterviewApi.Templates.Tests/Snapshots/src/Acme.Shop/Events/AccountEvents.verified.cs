using System.Text.Json.Serialization;
using Acme.Shop.Core.Email;
using Acme.Shop.Core.Events;
using Acme.Shop.Core.Security;
using Acme.Shop.Repositories;
using Microsoft.AspNetCore.WebUtilities;

namespace Acme.Shop.Events;

/// <summary>An account was created. The event has no personal data, so handlers read the user.</summary>
public sealed record UserRegistered(Guid UserId) : IEvent
{
    public static string Type => "user.registered";

    [JsonIgnore]
    public string Aggregate => $"user:{UserId}";
}

/// <summary>Welcomes a new user by e-mail.</summary>
public sealed class WelcomeEmail(AccountRepository accounts, IEmailSender emails) : IHandler<UserRegistered>
{
    public async Task HandleAsync(EventMessage<UserRegistered> message, CancellationToken cancellationToken)
    {
        // The account may have been deleted since.
        if (await accounts.FindUserAsync(message.Event.UserId, cancellationToken) is { } user)
        {
            var email = new Email(
                $"welcome.{message.Id:N}", user.Email, "Welcome", $"Hello {user.Username},\n\nyour account is ready.\n");
            await emails.SendAsync(email, cancellationToken);
        }
    }
}

/// <summary>Notifies the administrator of a new user, if <c>Email__Administrator</c> is set.</summary>
public sealed class AdministratorNotification(AccountRepository accounts, IEmailSender emails, IOptions<EmailOptions> options)
    : IHandler<UserRegistered>
{
    public async Task HandleAsync(EventMessage<UserRegistered> message, CancellationToken cancellationToken)
    {
        if (options.Value.Administrator is { Length: > 0 } administrator
            && await accounts.FindUserAsync(message.Event.UserId, cancellationToken) is { } user)
        {
            var email = new Email(
                $"registered.{message.Id:N}", administrator, "New user",
                $"{user.Username} registered at {message.OccurredAt:u}. The user id is {user.Id}.\n");
            await emails.SendAsync(email, cancellationToken);
        }
    }
}

/// <summary>Somebody asked to reset a password. If no account has the address, no user has the id.</summary>
public sealed record PasswordResetRequested(Guid UserId) : IEvent
{
    public static string Type => "user.password-reset-requested";

    [JsonIgnore]
    public string Aggregate => $"password-reset:{UserId}";
}

/// <summary>Sends a token by e-mail. It creates the token, so that no event contains one.</summary>
// The pause leaves a user time to use a token, even if somebody else keeps asking for new ones.
public sealed class PasswordResetEmail(
    AccountRepository accounts, IEmailSender emails, IOptions<AccountOptions> options, TimeProvider time)
    : IHandler<PasswordResetRequested>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    public async Task HandleAsync(EventMessage<PasswordResetRequested> message, CancellationToken cancellationToken)
    {
        var lifetime = TimeSpan.FromMinutes(options.Value.PasswordResetMinutes);
        if (await accounts.FindUserAsync(message.Event.UserId, cancellationToken) is not { IsDisabled: false } user
            || user.ResetTokenExpiresAt - lifetime + Pause > time.GetUtcNow())
        {
            return;
        }

        var token = ResetToken.Create();
        var url = options.Value.PasswordResetUrl;
        var text = $"""
            Hello {user.Username},

            this lets you choose a new password within {options.Value.PasswordResetMinutes} minutes:

            {(url.Length > 0 ? QueryHelpers.AddQueryString(url, "token", token) : token)}

            If you did not ask for it, ignore this message. Your password stays as it is.

            """;
        await emails.SendAsync(new Email($"reset.{Guid.NewGuid():N}", user.Email, "Reset your password", text), cancellationToken);
        await accounts.SetResetTokenAsync(user.Id, ResetToken.HashOf(token), time.GetUtcNow() + lifetime, cancellationToken);
    }
}
