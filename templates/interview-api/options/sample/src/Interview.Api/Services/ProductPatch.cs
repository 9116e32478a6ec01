using InterviewApi.Core;
using InterviewApi.Models;

namespace InterviewApi.Services;

/// <summary>All fields that a client decides.</summary>
public sealed record ProductFields(string Name, string? Description, decimal Price, string Category);

/// <summary>A change of some fields of a product; absent ones stay as they are.</summary>
public sealed record ProductPatch(
    Optional<string> Name, Optional<string?> Description, Optional<decimal> Price, Optional<string> Category)
{
    /// <summary>The patch that replaces all fields.</summary>
    public static ProductPatch Replace(ProductFields fields) =>
        new(fields.Name, fields.Description, fields.Price, fields.Category);

    public void ApplyTo(Product product)
    {
        product.Name = Name.Or(product.Name);
        product.Description = Description.Or(product.Description);
        product.Price = Price.Or(product.Price);
        product.Category = Category.Or(product.Category);
    }
}
