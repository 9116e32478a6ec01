using System.Text.Json.Serialization;
using Acme.Shop.Core.Email;
using Acme.Shop.Core.Events;
using Acme.Shop.Repositories;

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
                $"registered.{message.Id:N}",
                administrator,
                "New user",
                $"{user.Username} registered at {message.OccurredAt:u}. The user id is {user.Id}.\n");
            await emails.SendAsync(email, cancellationToken);
        }
    }
}
