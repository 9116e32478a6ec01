using System.Text.Json.Serialization;
using Acme.Shop.Core.Email;
using Acme.Shop.Core.Events;
using Acme.Shop.Core.Security;
using Acme.Shop.Repositories;
using Microsoft.AspNetCore.WebUtilities;

namespace Acme.Shop.Events;

/// <summary>Somebody asked to reset a password. If no account has the address, no user has the id.</summary>
public sealed record PasswordResetRequested(Guid UserId) : IEvent
{
    public static string Type => "user.password-reset-requested";

    [JsonIgnore]
    public string Aggregate => $"password-reset:{UserId}";
}

/// <summary>
/// Sends a token by e-mail. It creates the token, so that no event contains one, and stores its hash after the message
/// was sent, so that a repetition sends another token. The pause leaves a user time to use a token, even if somebody else
/// keeps asking for new ones.
/// </summary>
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
