using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Acme.Shop.Models;

/// <summary>One login of a user, and the family of its refresh tokens. Revoking a session deletes its row.</summary>
public sealed class Session
{
    public const int HashLength = 43;

    /// <value>Also the <c>sid</c> claim of the access tokens. It reveals nothing about the refresh tokens.</value>
    public required string Id { get; init; }

    public Guid UserId { get; init; }

    public User? User { get; init; }

    /// <value>The hash of the current refresh token, the only one that can be exchanged.</value>
    public required string RefreshTokenHash { get; init; }

    /// <value>The key that derived the current refresh token from its predecessor. Null before a refresh.</value>
    public byte[]? RotationKey { get; init; }

    /// <value>When the current refresh token was issued.</value>
    public DateTimeOffset RotatedAt { get; init; }

    /// <value>When the current refresh token expires, unless it is used first.</value>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <value>When the session ends, even if it is refreshed.</value>
    public DateTimeOffset EndsAt { get; init; }
}

/// <summary>The table of sessions.</summary>
public sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    // A number, because not every database can compare times with an offset.
    private static readonly ValueConverter<DateTimeOffset, long> UnixMilliseconds = new(
        time => time.ToUnixTimeMilliseconds(), milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));

    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("Sessions");
        builder.Property(session => session.Id).HasMaxLength(Session.HashLength);
        builder.Property(session => session.RefreshTokenHash).HasMaxLength(Session.HashLength);
        builder.Property(session => session.RotatedAt).HasConversion(UnixMilliseconds);
        builder.Property(session => session.ExpiresAt).HasConversion(UnixMilliseconds);
        builder.Property(session => session.EndsAt).HasConversion(UnixMilliseconds);
        builder.HasIndex(session => session.ExpiresAt);
    }
}
