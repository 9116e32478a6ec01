using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Acme.Shop.Core.Security;

/// <summary>The settings of password resets.</summary>
public sealed class AccountOptions : IValidatableObject
{
    /// <value>
    /// The page where users choose a new password. It gets the token as the query parameter <c>token</c>. Without a page,
    /// the e-mail contains the token alone.
    /// </value>
    public string PasswordResetUrl { get; set; } = "";

    /// <value>How long, in minutes, a token can be used. The default is 30.</value>
    [Range(5, 1440)]
    public int PasswordResetMinutes { get; set; } = 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PasswordResetUrl.Length > 0
            && !(Uri.TryCreate(PasswordResetUrl, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"))
        {
            yield return new ValidationResult("This is not an http or https URL.", [nameof(PasswordResetUrl)]);
        }
    }
}

/// <summary>The tokens of password resets: 256 random bits. The database stores only hashes.</summary>
public static class ResetToken
{
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string HashOf(string token) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
