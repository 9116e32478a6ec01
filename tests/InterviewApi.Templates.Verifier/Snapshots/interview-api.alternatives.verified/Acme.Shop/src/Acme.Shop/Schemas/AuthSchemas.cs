using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Acme.Shop.Models;
using Acme.Shop.Services;

namespace Acme.Shop.Schemas;

/// <summary>A new account.</summary>
// Classes and not records: the text of a record would show passwords and tokens to any log.
public sealed class RegistrationRequest
{
    /// <summary>Letters, digits, dots, underscores and hyphens. Case does not tell two names apart.</summary>
    /// <example>ada.lovelace</example>
    [Required, StringLength(User.MaxUsernameLength, MinimumLength = User.MinUsernameLength)]
    [RegularExpression("[A-Za-z0-9._-]*", ErrorMessage = "Only letters, digits, dots, underscores and hyphens are allowed.")]
    public string? Username { get; init; }

    /// <example>ada@example.com</example>
    [Required, StringLength(User.MaxEmailLength)]
    [RegularExpression(@"[^@\s\p{C}]+@[^@\s\p{C}]+", ErrorMessage = "This is not an e-mail address.")]
    public string? Email { get; init; }

    /// <example>correct horse battery staple</example>
    [Required, StringLength(User.MaxPasswordLength, MinimumLength = User.MinPasswordLength)]
    public string? Password { get; init; }
}

/// <summary>The answer of the token endpoint, with the names of RFC 6749 section 5.1.</summary>
public sealed class TokenResponse
{
    [JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    [JsonPropertyName("token_type")]
    public string TokenType { get; } = "Bearer";

    /// <summary>The lifetime of the access token in seconds.</summary>
    [JsonPropertyName("expires_in")]
    public required int ExpiresIn { get; init; }

    /// <summary>Good for one use.</summary>
    [JsonPropertyName("refresh_token")]
    public required string RefreshToken { get; init; }

    public static TokenResponse From(TokenPair tokens) => new()
    {
        AccessToken = tokens.AccessToken,
        ExpiresIn = (int)tokens.AccessTokenLifetime.TotalSeconds,
        RefreshToken = tokens.RefreshToken,
    };
}
