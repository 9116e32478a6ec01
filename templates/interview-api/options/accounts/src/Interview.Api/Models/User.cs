using System.Text;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace InterviewApi.Models;

/// <summary>An account.</summary>
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

    public required string NormalizedUsername { get; init; }

    public required string Email { get; init; }

    public required string NormalizedEmail { get; init; }

    /// <value>A salted hash, with the algorithm and the number of iterations.</value>
    public required string PasswordHash { get; init; }

    /// <value>Null for a user without special rights.</value>
    public string? Role { get; init; }

    /// <value>Whether the account is closed: logins and all tokens are rejected.</value>
    public bool IsDisabled { get; init; }

    /// <value>The hash of the token that was sent last to reset the password. Null once it was used.</value>
    public string? ResetTokenHash { get; init; }

    public DateTimeOffset? ResetTokenExpiresAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Returns the form in which user names and e-mail addresses are unique: NFKC, upper case. It may be longer.</summary>
    public static string Normalize(string text) => Normalize(text, NormalizationForm.FormKC).ToUpperInvariant();

    /// <summary>Returns the form of a password that is the same on every keyboard: canonical composition (NFC).</summary>
    // A text that is too long in any form stays as it is, because the time to normalize grows with the square of the length.
    public static string NormalizePassword(string text) =>
        text.Length > 4 * MaxPasswordLength ? text : Normalize(text, NormalizationForm.FormC);

    /// <summary>Returns whether a text can be a user name. Other texts never reach the database.</summary>
    public static bool IsUsername(string text) =>
        text.Length is >= MinUsernameLength and <= MaxUsernameLength
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');

    // Text that is not valid Unicode, such as the noncharacter U+FFFE, has no normalized form and stays as it is.
    private static string Normalize(string text, NormalizationForm form)
    {
        try
        {
            return text.Normalize(form);
        }
        catch (ArgumentException)
        {
            return text;
        }
    }
}

/// <summary>The table of users. The unique indexes decide which of two concurrent registrations wins.</summary>
public sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("Users");
        builder.Property(user => user.Id).ValueGeneratedNever();
        builder.Property(user => user.Username).HasMaxLength(User.MaxUsernameLength);
        builder.Property(user => user.NormalizedUsername).HasMaxLength(User.MaxUsernameLength);
        builder.Property(user => user.Email).HasMaxLength(User.MaxEmailLength);
        builder.Property(user => user.NormalizedEmail).HasMaxLength(User.MaxEmailLength);
        builder.Property(user => user.Role).HasMaxLength(20);
        builder.Property(user => user.ResetTokenHash).HasMaxLength(Session.HashLength);
        builder.HasIndex(user => user.NormalizedUsername).IsUnique();
        builder.HasIndex(user => user.NormalizedEmail).IsUnique();
        builder.HasIndex(user => user.ResetTokenHash);
    }
}
