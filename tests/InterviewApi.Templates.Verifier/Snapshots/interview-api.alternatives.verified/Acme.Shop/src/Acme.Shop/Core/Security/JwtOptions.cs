using System.ComponentModel.DataAnnotations;
using System.Text;

namespace Acme.Shop.Core.Security;

/// <summary>The settings of tokens and sessions.</summary>
public sealed class JwtOptions
{
    public const string Section = "Jwt";

    /// <value>The secret that signs access tokens, at least 256 random bits. Only Development may omit it.</value>
    [SigningKey]
    public string SigningKey { get; set; } = "";

    /// <value>Former signing secrets. Tokens signed with them are accepted until they expire.</value>
    [SigningKey]
    public string[] PreviousSigningKeys { get; set; } = [];

    [Required]
    public string Issuer { get; set; } = "";

    [Required]
    public string Audience { get; set; } = "";

    /// <value>The lifetime of an access token in minutes. The default is 15.</value>
    [Range(1, 1440)]
    public int AccessTokenMinutes { get; set; } = 15;

    /// <value>The number of days after which an unused refresh token expires. The default is 14.</value>
    [Range(1, 365)]
    public int RefreshTokenDays { get; set; } = 14;

    /// <value>Seconds in which a repeated refresh yields the same successor. The default is 10; 0 disables it.</value>
    [Range(0, 60)]
    public int RefreshGraceSeconds { get; set; } = 10;

    /// <value>The number of days after which a session ends, even if it is refreshed. The default is 90.</value>
    [Range(1, 3650)]
    public int SessionDays { get; set; } = 90;

    /// <value>The maximum sessions per user; one more login revokes the least recently used. The default is 20.</value>
    [Range(1, 1000)]
    public int MaxSessionsPerUser { get; set; } = 20;
}

/// <summary>
/// Rejects weak keys. The strength of a key is the number of bits that it can encode: four per hexadecimal digit, six
/// per base64 character, eight per byte of any other text.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SigningKeyAttribute : ValidationAttribute
{
    private const int MinBits = 256;

    // Any random key of the required length has more distinct characters.
    private const int MinDistinct = 10;

    // Words from published keys, and the key of RFC 7515 appendix A.1. A random key contains none of them.
    private static readonly string[] Published =
        ["change", "example", "secret", "password", "replace", "placeholder", "default", "signing", "AyM1SysPpbyDfgZld3umj1qzKObwVMko"];

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var keys = value as string[] ?? (value is string { Length: > 0 } key ? [key] : []);
        return keys.Select(FindFault).FirstOrDefault(fault => fault is not null) is { } message
            ? new ValidationResult(message, [validationContext.MemberName!])
            : ValidationResult.Success;
    }

    private static string? FindFault(string key)
    {
        if (CountBits(key) < MinBits)
        {
            return "A key needs at least 256 bits: 64 hexadecimal digits, 43 characters of base64, or 32 bytes of other text.";
        }

        return IsRepetitive(key) || IsSequential(key) || Published.Any(text => key.Contains(text, StringComparison.OrdinalIgnoreCase))
            ? "The key can be guessed. Create a random one: openssl rand -base64 48"
            : null;
    }

    private static int CountBits(string key)
    {
        var digits = key.TrimEnd('=');
        if (digits.All(char.IsAsciiHexDigit))
        {
            return digits.Length * 4;
        }

        return digits.All(character => char.IsAsciiLetterOrDigit(character) || character is '+' or '/' or '-' or '_')
            ? digits.Length * 6
            : Encoding.UTF8.GetByteCount(key) * 8;
    }

    private static bool IsRepetitive(string key) =>
        key.Distinct().Count() < MinDistinct
        || Enumerable.Range(1, key.Length / 2).Any(period => key[period..] == key[..^period]);

    private static bool IsSequential(string key) =>
        key.Zip(key.Skip(1), (left, right) => Math.Abs(right - left)).Count(distance => distance <= 1) > key.Length / 2;
}
