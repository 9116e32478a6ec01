namespace Acme.Shop.Models;

/// <summary>
/// One sign-in of a user, and the family of refresh tokens that began with it. It is deleted when it is revoked:
/// tokens of a session that is not there are refused.
/// </summary>
public sealed class Session
{
    public const int HashLength = 43;

    /// <value>Also the <c>sid</c> claim of the access tokens. It tells nothing about the refresh tokens.</value>
    public required string Id { get; init; }

    public Guid UserId { get; init; }

    public User? User { get; init; }

    /// <value>The hash of the only refresh token that can still be used.</value>
    public required string RefreshTokenHash { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}
