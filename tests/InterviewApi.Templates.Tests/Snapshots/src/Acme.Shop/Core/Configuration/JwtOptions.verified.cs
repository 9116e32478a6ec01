using System.ComponentModel.DataAnnotations;
using System.Text;

namespace Acme.Shop.Core.Configuration;

/// <summary>How tokens are signed, for whom, and for how long.</summary>
public sealed class JwtOptions : IValidatableObject
{
    public const string Section = "Jwt";
    private const int MinKeyBytes = 32;

    /// <value>The secret that signs: at least 32 bytes of text, random. Only in Development it may be absent.</value>
    public string SigningKey { get; set; } = "";

    /// <value>Secrets that no longer sign. Tokens that they signed are accepted until they expire.</value>
    public string[] PreviousSigningKeys { get; set; } = [];

    [Required]
    public string Issuer { get; set; } = "";

    [Required]
    public string Audience { get; set; } = "";

    /// <value>The lifetime of an access token in minutes. The default is 15.</value>
    [Range(1, 1440)]
    public int AccessTokenMinutes { get; set; } = 15;

    /// <value>The days after which a refresh token that was not used is worth nothing. The default is 14.</value>
    [Range(1, 365)]
    public int RefreshTokenDays { get; set; } = 14;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SigningKey.Length > 0 && IsTooShort(SigningKey))
        {
            yield return TooShort(nameof(SigningKey));
        }

        if (PreviousSigningKeys.Any(IsTooShort))
        {
            yield return TooShort(nameof(PreviousSigningKeys));
        }
    }

    private static bool IsTooShort(string key) => Encoding.UTF8.GetByteCount(key) < MinKeyBytes;

    private static ValidationResult TooShort(string name) => new("A key needs at least 256 bits, which is 32 bytes.", [name]);
}
