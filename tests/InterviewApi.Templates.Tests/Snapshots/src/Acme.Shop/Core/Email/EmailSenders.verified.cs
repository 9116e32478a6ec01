using MailKit.Net.Smtp;
using MimeKit;

namespace Acme.Shop.Core.Email;

/// <summary>A plain-text message.</summary>
/// <param name="Id">Identifies the message, also if it is sent twice. A mail server may drop the second one.</param>
public sealed record Email(string Id, string To, string Subject, string Text);

/// <summary>Sends e-mail.</summary>
public interface IEmailSender
{
    Task SendAsync(Email email, CancellationToken cancellationToken);
}

/// <summary>Sends through an SMTP server, over one connection for each message.</summary>
public sealed class SmtpEmailSender(IOptions<EmailOptions> options, TimeProvider time) : IEmailSender
{
    public async Task SendAsync(Email email, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        using var message = MimeMessages.Create(email, settings.From, time);
        using var client = new SmtpClient();
        await client.ConnectAsync(settings.Host, settings.Port, settings.Security, cancellationToken);
        if (settings.Username.Length > 0)
        {
            await client.AuthenticateAsync(settings.Username, settings.Password, cancellationToken);
        }

        await client.SendAsync(message, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken);
    }
}

/// <summary>Writes each message to an <c>.eml</c> file, which mail programs open.</summary>
public sealed class FileEmailSender(IOptions<EmailOptions> options, TimeProvider time) : IEmailSender
{
    public async Task SendAsync(Email email, CancellationToken cancellationToken)
    {
        using var message = MimeMessages.Create(email, options.Value.From, time);
        var folder = Directory.CreateDirectory(options.Value.Folder);
        await message.WriteToAsync(Path.Combine(folder.FullName, $"{email.Id}.eml"), cancellationToken);
    }
}

/// <summary>Sends nothing, because no mail server is configured.</summary>
public sealed class NoEmailSender : IEmailSender
{
    public Task SendAsync(Email email, CancellationToken cancellationToken) => Task.CompletedTask;
}

internal static class MimeMessages
{
    public static MimeMessage Create(Email email, string from, TimeProvider time)
    {
        var sender = MailboxAddress.Parse(from);
        var message = new MimeMessage
        {
            MessageId = $"{email.Id}@{sender.Domain}",
            Date = time.GetUtcNow(),
            Subject = email.Subject,
            Body = new TextPart("plain") { Text = email.Text },
        };
        message.From.Add(sender);
        message.To.Add(new MailboxAddress(name: null, email.To));
        return message;
    }
}
