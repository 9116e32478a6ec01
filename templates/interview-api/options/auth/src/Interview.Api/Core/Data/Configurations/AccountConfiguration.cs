using InterviewApi.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace InterviewApi.Core.Data.Configurations;

/// <summary>The tables of users and sessions. The unique indexes decide which of two concurrent registrations wins.</summary>
public sealed class AccountConfiguration : IEntityTypeConfiguration<User>, IEntityTypeConfiguration<Session>
{
    // A number, because SQLite cannot compare times with an offset.
    private static readonly ValueConverter<DateTimeOffset, long> UnixSeconds = new(
        time => time.ToUnixTimeSeconds(), seconds => DateTimeOffset.FromUnixTimeSeconds(seconds));

    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("Users");
        builder.HasKey(user => user.Id);
        builder.Property(user => user.Id).ValueGeneratedNever();
        builder.Property(user => user.Username).HasMaxLength(User.MaxUsernameLength);
        builder.Property(user => user.NormalizedUsername).HasMaxLength(User.MaxUsernameLength);
        builder.Property(user => user.Email).HasMaxLength(User.MaxEmailLength);
        builder.Property(user => user.NormalizedEmail).HasMaxLength(User.MaxEmailLength);
        builder.HasIndex(user => user.NormalizedUsername).IsUnique();
        builder.HasIndex(user => user.NormalizedEmail).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("Sessions");
        builder.HasKey(session => session.Id);
        builder.Property(session => session.Id).HasMaxLength(Session.HashLength);
        builder.Property(session => session.RefreshTokenHash).HasMaxLength(Session.HashLength);
        builder.Property(session => session.RotatedAt).HasConversion(UnixSeconds);
        builder.Property(session => session.ExpiresAt).HasConversion(UnixSeconds);
        builder.Property(session => session.EndsAt).HasConversion(UnixSeconds);
        builder.HasOne(session => session.User).WithMany().HasForeignKey(session => session.UserId);
        builder.HasIndex(session => session.ExpiresAt);
    }
}
