using Acme.Shop.Models;
using Acme.Shop.Schemas.Validation;

namespace Acme.Shop.Schemas;

/// <summary>The fields of a product that a client sets. A version adds the price in its own shape.</summary>
public abstract record ProductFields
{
    /// <summary>The name that customers see.</summary>
    /// <example>Espresso cup</example>
    [Required, StringLength(Product.MaxNameLength), PlainText]
    public string? Name { get; init; }

    /// <summary>More about the product.</summary>
    /// <example>Holds 60 ml.</example>
    [StringLength(Product.MaxDescriptionLength), PlainText(MultiLine = true)]
    public string? Description { get; init; }

    /// <summary>The category to filter by.</summary>
    /// <example>kitchen</example>
    [Required, StringLength(Product.MaxCategoryLength), PlainText]
    public string? Category { get; init; }

    /// <summary>A new product with the fields of a validated request.</summary>
    public Product ToProduct()
    {
        var product = new Product { Name = Name!, Category = Category! };
        ApplyTo(product);
        return product;
    }

    /// <summary>Copies the fields of a validated request.</summary>
    public void ApplyTo(Product product)
    {
        product.Name = Name!;
        product.Description = Description;
        product.Price = ToPrice();
        product.Category = Category!;
    }

    /// <returns>The price in US dollars, with two decimal places.</returns>
    protected abstract decimal ToPrice();
}
