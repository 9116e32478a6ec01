using Acme.Shop.Core.Email;
using MailKit.Security;
using MimeKit;

namespace Acme.Shop.Dependencies;

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

    /// <value>Where Development writes messages, which may be relative to the working folder. The default is emails.</value>
    [Required]
    public string Folder { get; set; } = "emails";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
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
public static partial class EmailDependencies
{
    public static void AddEmail(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<EmailOptions>().BindSection("Email");
        services.AddOptions<EmailOptions>().PostConfigure(options =>
            options.From = options is { From: "", Host: "" } ? "acme-shop@localhost" : options.From);
        services.AddSingleton(provider => Choose(provider, provider.GetRequiredService<IOptions<EmailOptions>>().Value));
    }

    private static IEmailSender Choose(IServiceProvider provider, EmailOptions options)
    {
        if (options.Host.Length > 0)
        {
            return ActivatorUtilities.CreateInstance<SmtpEmailSender>(provider);
        }

        if (provider.GetRequiredService<IHostEnvironment>().IsDevelopment())
        {
            return ActivatorUtilities.CreateInstance<FileEmailSender>(provider);
        }

        LogNoServer(provider.GetRequiredService<ILogger<EmailOptions>>());
        return new NoEmailSender();
    }

    [LoggerMessage(LogLevel.Information, "Email__Host is not set: no e-mail is sent.")]
    private static partial void LogNoServer(ILogger logger);
}
