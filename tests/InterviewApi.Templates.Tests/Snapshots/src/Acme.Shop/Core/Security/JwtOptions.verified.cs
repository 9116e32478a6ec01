using System.Text;

namespace Acme.Shop.Core.Security;

/// <summary>The settings of tokens and sessions.</summary>
public sealed class JwtOptions
{
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

    [Range(1, 1440)]
    public int AccessTokenMinutes { get; set; } = 15;

    /// <value>The number of days after which an unused refresh token expires.</value>
    [Range(1, 365)]
    public int RefreshTokenDays { get; set; } = 14;

    /// <value>Seconds in which a repeated refresh yields the same successor; 0 disables this.</value>
    [Range(0, 60)]
    public int RefreshGraceSeconds { get; set; } = 10;

    /// <value>The number of days after which a session ends, even if it is refreshed.</value>
    [Range(1, 3650)]
    public int SessionDays { get; set; } = 90;

    /// <value>One more login revokes the least recently used session.</value>
    [Range(1, 1000)]
    public int MaxSessionsPerUser { get; set; } = 20;
}

/// <summary>Rejects weak keys, by the bits that they can encode: four per hexadecimal digit, six per base64 character.</summary>
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
        if (keys.Any(key => CountBits(key) < MinBits))
        {
            return Fault("A key needs at least 256 bits: 64 hexadecimal digits, 43 characters of base64, or 32 bytes of other text.");
        }

        return keys.Any(IsGuessable)
            ? Fault("The key can be guessed. Create a random one: openssl rand -base64 48")
            : ValidationResult.Success;

        ValidationResult Fault(string text) => new(text, [validationContext.MemberName!]);
    }

    private static int CountBits(string key)
    {
        var digits = key.TrimEnd('=');
        if (digits.All(char.IsAsciiHexDigit))
        {
            return digits.Length * 4;
        }

        return digits.All(character => char.IsAsciiLetterOrDigit(character) || "+/-_".Contains(character))
            ? digits.Length * 6
            : Encoding.UTF8.GetByteCount(key) * 8;
    }

    // Published, of few characters, repeated, or sequential.
    private static bool IsGuessable(string key) =>
        Published.Any(text => key.Contains(text, StringComparison.OrdinalIgnoreCase))
        || key.Distinct().Count() < MinDistinct
        || Enumerable.Range(1, key.Length / 2).Any(period => key[period..] == key[..^period])
        || key.Zip(key.Skip(1), (left, right) => Math.Abs(right - left)).Count(distance => distance <= 1) > key.Length / 2;
}
