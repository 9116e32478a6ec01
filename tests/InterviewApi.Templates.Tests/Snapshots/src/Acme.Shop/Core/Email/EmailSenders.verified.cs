using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Acme.Shop.Core.Email;

/// <summary>The mail server.</summary>
public sealed class EmailOptions : IValidatableObject
{
    /// <value>The SMTP server. Without one, Development writes files, and any other environment sends nothing.</value>
    public string Host { get; set; } = "";

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <value>How the connection is encrypted. The default requires STARTTLS.</value>
    [EnumDataType(typeof(SecureSocketOptions))]
    public SecureSocketOptions Security { get; set; } = SecureSocketOptions.StartTls;

    /// <value>Empty if the server requires no authentication.</value>
    public string Username { get; set; } = "";

    public string Password { get; set; } = "";

    /// <value>The sender's address. Required with <see cref="Host"/>.</value>
    public string From { get; set; } = "";

    /// <value>The address that is notified of new users; empty for none.</value>
    public string Administrator { get; set; } = "";

    /// <value>The folder where Development writes messages, perhaps relative to the working folder. The default is emails.</value>
    [Required]
    public string Folder { get; set; } = "emails";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Host.Length > 0 && Uri.CheckHostName(Host) == UriHostNameType.Unknown)
        {
            yield return new ValidationResult("This is not a host name. The port is a setting of its own.", [nameof(Host)]);
        }

        if (Host.Length > 0 && !IsAddress(From))
        {
            yield return new ValidationResult("An e-mail address is required to send from.", [nameof(From)]);
        }

        if (Administrator.Length > 0 && !IsAddress(Administrator))
        {
            yield return new ValidationResult("This is not an e-mail address.", [nameof(Administrator)]);
        }
    }

    private static bool IsAddress(string text) =>
        MailboxAddress.TryParse(text, out var mailbox) && mailbox.Address.Contains('@', StringComparison.Ordinal);
}

/// <summary>E-mail: through a server, to files in Development, or not at all.</summary>
public static class EmailDependencies
{
    public static void AddEmail(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<EmailOptions>().BindSection("Email");
        services.AddSingleton<IEmailSender>(provider =>
        {
            if (provider.GetRequiredService<IOptions<EmailOptions>>().Value.Host.Length > 0)
            {
                return ActivatorUtilities.CreateInstance<SmtpEmailSender>(provider);
            }

            return provider.GetRequiredService<IHostEnvironment>().IsDevelopment()
                ? ActivatorUtilities.CreateInstance<FileEmailSender>(provider)
                : ActivatorUtilities.CreateInstance<NoEmailSender>(provider);
        });
    }
}

/// <summary>A plain-text message.</summary>
/// <param name="Id">Identifies the message, even if it is sent twice. A mail server may drop the second one.</param>
public sealed record Email(string Id, string To, string Subject, string Text)
{
    public MimeMessage ToMime(string from, TimeProvider time)
    {
        var sender = MailboxAddress.Parse(from);
        return new MimeMessage([sender], [new MailboxAddress(name: null, To)], Subject, new TextPart("plain") { Text = Text })
        {
            MessageId = $"{Id}@{sender.Domain}",
            Date = time.GetUtcNow(),
        };
    }
}

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
        using var message = email.ToMime(settings.From, time);
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

/// <summary>Writes each message to an <c>.eml</c> file, which mail programs open. A file with that name is complete.</summary>
public sealed class FileEmailSender(IOptions<EmailOptions> options, TimeProvider time) : IEmailSender
{
    public async Task SendAsync(Email email, CancellationToken cancellationToken)
    {
        var from = options.Value.From.Length > 0 ? options.Value.From : "acme-shop@localhost";
        using var message = email.ToMime(from, time);
        var folder = Directory.CreateDirectory(options.Value.Folder);
        var path = Path.Combine(folder.FullName, $"{email.Id}.eml");
        await message.WriteToAsync($"{path}.tmp", cancellationToken);
        File.Move($"{path}.tmp", path, overwrite: true);
    }
}

/// <summary>Sends nothing, because no mail server is configured.</summary>
public sealed class NoEmailSender : IEmailSender
{
    public NoEmailSender(ILogger<NoEmailSender> logger) => logger.LogInformation("Email__Host is not set: no e-mail is sent.");

    public Task SendAsync(Email email, CancellationToken cancellationToken) => Task.CompletedTask;
}
