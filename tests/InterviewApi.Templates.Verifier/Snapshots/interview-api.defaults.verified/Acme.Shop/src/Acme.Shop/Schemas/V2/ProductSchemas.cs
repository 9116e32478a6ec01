using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Acme.Shop.Core;
using Acme.Shop.Core.Http;
using Acme.Shop.Models;
using Acme.Shop.Schemas.Validation;
using Acme.Shop.Services;

namespace Acme.Shop.Schemas.V2;

/// <summary>A product.</summary>
public sealed record ProductResponse(
    long Id,
    string Name,
    string? Description,
    PriceSchema Price,
    string Category,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version)
{
    public static ProductResponse From(Product product) => new(
        product.Id,
        product.Name,
        product.Description,
        PriceSchema.From(product.Price),
        product.Category,
        product.CreatedAt,
        product.UpdatedAt,
        product.Version);
}

/// <summary>A page of products.</summary>
/// <param name="Items">The products of this page.</param>
/// <param name="NextCursor">Where the next page begins; null on the last page.</param>
public sealed record ProductPage(IReadOnlyList<ProductResponse> Items, string? NextCursor);

/// <summary>All fields of a product that a client decides.</summary>
public sealed record ProductRequest
{
    /// <summary>What customers see first.</summary>
    /// <example>Espresso cup</example>
    [Required, StringLength(Product.MaxNameLength), PlainText]
    public string? Name { get; init; }

    /// <summary>Anything else there is to say.</summary>
    /// <example>Holds 60 ml.</example>
    [StringLength(Product.MaxDescriptionLength), PlainText(MultiLine = true)]
    public string? Description { get; init; }

    /// <summary>What it costs.</summary>
    [Required]
    public PriceSchema? Price { get; init; }

    /// <summary>The shelf that it stands on.</summary>
    /// <example>kitchen</example>
    [Required, StringLength(Product.MaxCategoryLength), PlainText]
    public string? Category { get; init; }

    /// <summary>The fields of a request that was validated.</summary>
    public ProductFields ToFields() => new(Name!, Description, Price!.ToDecimal(), Category!);
}

/// <summary>A JSON merge patch (RFC 7396): a member that is absent stays, a member that is null is cleared.</summary>
public sealed record ProductPatchRequest : IValidatableObject
{
    [JsonConverter(typeof(OptionalJsonConverter<string?>))]
    public Optional<string?> Name { get; init; }

    [JsonConverter(typeof(OptionalJsonConverter<string?>))]
    public Optional<string?> Description { get; init; }

    [JsonConverter(typeof(OptionalJsonConverter<PriceSchema?>))]
    public Optional<PriceSchema?> Price { get; init; }

    [JsonConverter(typeof(OptionalJsonConverter<string?>))]
    public Optional<string?> Category { get; init; }

    /// <summary>Holds each member that is present to the rules of <see cref="ProductRequest"/>.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. PatchValidation.Check<ProductRequest, string?>(nameof(Name), Name),
        .. PatchValidation.Check<ProductRequest, string?>(nameof(Description), Description),
        .. PatchValidation.Check<ProductRequest, PriceSchema?>(nameof(Price), Price),
        .. PatchValidation.Check<ProductRequest, string?>(nameof(Category), Category),
    ];

    /// <summary>The patch of a request that was validated.</summary>
    public ProductPatch ToPatch() => new(
        Name.Select(name => name!),
        Description,
        Price.Select(price => price!.ToDecimal()),
        Category.Select(category => category!));
}
