using System.Text;
using InterviewApi.Core.Security;
using InterviewApi.Models;
using InterviewApi.Schemas.Validation;
using MimeKit;

namespace InterviewApi.Schemas;

/// <summary>A new account.</summary>
// A class, not a record: a record's ToString would expose the password in logs.
public sealed class RegistrationRequest
{
    /// <summary>Letters, digits, dots, underscores and hyphens. Unique regardless of case.</summary>
    /// <example>ada.lovelace</example>
    [Required, StringLength(User.MaxUsernameLength, MinimumLength = User.MinUsernameLength)]
    [RegularExpression("[A-Za-z0-9._-]*", ErrorMessage = "Only letters, digits, dots, underscores and hyphens are allowed.")]
    public string? Username { get; init; }

    /// <summary>Unique regardless of case.</summary>
    /// <example>ada@example.com</example>
    [Required, StringLength(User.MaxEmailLength), VisibleText]
    [Mailbox(@"^[^@\s]+@[^@\s]+$", ErrorMessage = "This is not an e-mail address.")]
    public string? Email { get; init; }

    /// <summary>Any characters. Common passwords and those based on the user name or e-mail are rejected.</summary>
    /// <example>correct horse battery staple</example>
    [Required, StringLength(User.MaxPasswordLength, MinimumLength = User.MinPasswordLength), PlainText, StrongPassword]
    public string? Password { get; init; }

    // All attributes of a property run, so the slow ones leave a text that is too long to StringLength.
    private sealed class VisibleTextAttribute() : ValidationAttribute("The {0} field must contain visible characters only.")
    {
        // By code point, because a regular expression treats each half of a surrogate pair as a character.
        public override bool IsValid(object? value) =>
            value is not string { Length: <= User.MaxEmailLength } text
            || (text.EnumerateRunes().All(IsVisible) && User.Normalize(text).Length <= User.MaxEmailLength);

        // An unpaired surrogate is enumerated as the replacement character.
        private static bool IsVisible(Rune rune) =>
            rune != Rune.ReplacementChar
            && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
    }

    // An address with a syntax error, such as two dots in a row, could never get an e-mail: each would become a dead letter.
    private sealed class MailboxAttribute(string pattern) : RegularExpressionAttribute(pattern)
    {
        public override bool IsValid(object? value) =>
            base.IsValid(value)
            && (value is not string { Length: > 0 and <= User.MaxEmailLength } text
                || (MailboxAddress.TryParse(text, out var mailbox) && mailbox.Address == text));
    }

    private sealed class StrongPasswordAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
        {
            var account = (RegistrationRequest)validationContext.ObjectInstance;
            return value is string { Length: <= User.MaxPasswordLength } password
                && PasswordRules.FindFault(password, account.Username, account.Email) is { } fault
                    ? new ValidationResult(fault, [validationContext.MemberName!])
                    : ValidationResult.Success;
        }
    }
}

/// <summary>A new password in place of the current one.</summary>
public sealed class PasswordChangeRequest
{
    [Required, StringLength(User.MaxPasswordLength)]
    public string? CurrentPassword { get; init; }

    /// <summary>Follows the same rules as at registration.</summary>
    /// <example>a quite different staple</example>
    [Required, StringLength(User.MaxPasswordLength, MinimumLength = User.MinPasswordLength), PlainText]
    public string? NewPassword { get; init; }
}

/// <summary>The address of an account whose password is forgotten.</summary>
public sealed class ForgottenPasswordRequest
{
    /// <example>ada@example.com</example>
    [Required, StringLength(User.MaxEmailLength), PlainText]
    public string? Email { get; init; }
}

/// <summary>A new password in place of a forgotten one.</summary>
public sealed class PasswordResetRequest
{
    /// <summary>The token from the e-mail. It works once.</summary>
    [Required, StringLength(100)]
    public string? Token { get; init; }

    /// <summary>Follows the same rules as at registration.</summary>
    /// <example>a quite different staple</example>
    [Required, StringLength(User.MaxPasswordLength, MinimumLength = User.MinPasswordLength), PlainText]
    public string? NewPassword { get; init; }
}

/// <summary>An account as an administrator sees it.</summary>
/// <param name="Role">Null for a user without special rights.</param>
public sealed record UserListItem(Guid Id, string Username, string Email, string? Role, bool IsDisabled, DateTimeOffset CreatedAt)
{
    public static UserListItem From(User user) =>
        new(user.Id, user.Username, user.Email, user.Role, user.IsDisabled, user.CreatedAt);
}

/// <summary>The caller's account.</summary>
public sealed record UserResponse(Guid Id, string Username, string Email, DateTimeOffset CreatedAt)
{
    public static UserResponse From(User user) => new(user.Id, user.Username, user.Email, user.CreatedAt);
}

/// <summary>A login of the caller that has not expired.</summary>
/// <param name="IsCurrent">Whether the access token of the request belongs to it.</param>
/// <param name="RefreshedAt">When its current refresh token was issued.</param>
public sealed record SessionResponse(string Id, bool IsCurrent, DateTimeOffset RefreshedAt, DateTimeOffset ExpiresAt)
{
    public static SessionResponse From(Session session, string currentId) =>
        new(session.Id, session.Id == currentId, session.RotatedAt, session.ExpiresAt);
}
