using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Acme.Shop.Models;

/// <summary>A file that belongs to a product. It does not change, and is deleted with the product.</summary>
public sealed class ProductAttachment
{
    public const int MaxNameLength = 200;
    public const int MaxDescriptionLength = 500;

    public long Id { get; init; }

    public long ProductId { get; init; }

    /// <value>The name in the file store, unique to each attachment.</value>
    public required string File { get; init; }

    /// <value>The name that clients see.</value>
    public required string Name { get; init; }

    /// <value>In bytes.</value>
    public long Length { get; init; }

    public string? Description { get; init; }

    public string? Category { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The table of attachments.</summary>
public sealed class ProductAttachmentConfiguration : IEntityTypeConfiguration<ProductAttachment>
{
    public void Configure(EntityTypeBuilder<ProductAttachment> builder)
    {
        builder.ToTable("ProductAttachments");
        builder.HasKey(attachment => attachment.Id);
        builder.Property(attachment => attachment.File).HasMaxLength(Product.MaxImageFileLength);
        builder.Property(attachment => attachment.Name).HasMaxLength(ProductAttachment.MaxNameLength);
        builder.Property(attachment => attachment.Description).HasMaxLength(ProductAttachment.MaxDescriptionLength);
        builder.Property(attachment => attachment.Category).HasMaxLength(Product.MaxCategoryLength);
        builder.HasOne<Product>().WithMany().HasForeignKey(attachment => attachment.ProductId).OnDelete(DeleteBehavior.Cascade);

        // The sweep asks which names are in use.
        builder.HasIndex(attachment => attachment.File).IsUnique();
    }
}
