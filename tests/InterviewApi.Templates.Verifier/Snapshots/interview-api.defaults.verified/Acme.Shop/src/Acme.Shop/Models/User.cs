namespace Acme.Shop.Models;

/// <summary>Somebody who may sign in.</summary>
public sealed class User
{
    public const int MinUsernameLength = 3;
    public const int MaxUsernameLength = 64;
    public const int MaxEmailLength = 254;
    public const int MinPasswordLength = 8;
    public const int MaxPasswordLength = 128;

    public Guid Id { get; init; }

    /// <value>ASCII letters, digits, dots, underscores and hyphens, as the user wrote them.</value>
    public required string Username { get; init; }

    /// <value>The name in the form in which it is unique.</value>
    public required string NormalizedUsername { get; init; }

    public required string Email { get; init; }

    /// <value>The address in the form in which it is unique.</value>
    public required string NormalizedEmail { get; init; }

    /// <value>A salted hash that also names its algorithm and work factor.</value>
    public required string PasswordHash { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Brings a user name or an e-mail address into the form in which case does not matter.</summary>
    public static string Normalize(string text) => text.ToUpperInvariant();

    /// <summary>Tells whether a text is made of the characters of user names only.</summary>
    public static bool IsUsername(string text) =>
        text.Length is >= MinUsernameLength and <= MaxUsernameLength
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');
}
