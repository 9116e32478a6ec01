using Acme.Shop.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Acme.Shop.Core.Data.Configurations;

/// <summary>The table of users. The unique indexes settle which of two concurrent registrations wins.</summary>
public sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
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
}
