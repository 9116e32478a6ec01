using Acme.Shop.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Acme.Shop.Core.Data.Configurations;

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

        // Serves the filter by category in the order of the pages.
        builder.HasIndex(product => new { product.Category, product.Id });
    }
}
