using Acme.Shop.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Acme.Shop.Core.Data.Configurations;

/// <summary>The table of sessions.</summary>
public sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("Sessions");
        builder.HasKey(session => session.Id);
        builder.Property(session => session.Id).HasMaxLength(Session.HashLength);
        builder.Property(session => session.RefreshTokenHash).HasMaxLength(Session.HashLength);
        builder.HasOne(session => session.User).WithMany().HasForeignKey(session => session.UserId);

        // A number, because not every database can compare times with an offset.
        builder.Property(session => session.ExpiresAt).HasConversion(new ValueConverter<DateTimeOffset, long>(
            time => time.ToUnixTimeSeconds(), seconds => DateTimeOffset.FromUnixTimeSeconds(seconds)));
        builder.HasIndex(session => session.ExpiresAt);
    }
}
