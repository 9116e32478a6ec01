using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Acme.Shop.Models;

/// <summary>Something for sale.</summary>
public sealed class Product
{
    public const int MaxNameLength = 100;
    public const int MaxDescriptionLength = 2000;
    public const int MaxCategoryLength = 50;

    /// <value>Given by the database, and never used again after the product is deleted.</value>
    public long Id { get; init; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    /// <value>In US dollars, with two decimal places.</value>
    public decimal Price { get; set; }

    public required string Category { get; set; }

    public const int MaxImageFileLength = 40;

    /// <value>The name of the image's file, new for each image; null without one.</value>
    public string? ImageFile { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <value>The number of changes, from 1. It is the concurrency token and the entity tag.</value>
    public int Version { get; set; } = 1;
}

/// <summary>Which products to list.</summary>
/// <param name="Text">A part of the name or the description, without regard to case.</param>
/// <param name="Category">The exact category.</param>
public sealed record ProductFilter(string? Text, string? Category);

/// <summary>The table of products.</summary>
public sealed class ProductConfiguration : IEntityTypeConfiguration<Product>
{
    public void Configure(EntityTypeBuilder<Product> builder)
    {
        builder.ToTable("Products");
        builder.HasKey(product => product.Id);
        builder.Property(product => product.Name).HasMaxLength(Product.MaxNameLength);
        builder.Property(product => product.Description).HasMaxLength(Product.MaxDescriptionLength);
        builder.Property(product => product.Category).HasMaxLength(Product.MaxCategoryLength);
        builder.Property(product => product.ImageFile).HasMaxLength(Product.MaxImageFileLength);
        builder.Property(product => product.Price).HasPrecision(9, 2);
        builder.Property(product => product.Version).IsConcurrencyToken();

        // For the filter by category, in the order of the pages.
        builder.HasIndex(product => new { product.Category, product.Id });
    }
}
