using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Acme.Shop.Core;
using Acme.Shop.Core.Http;
using Acme.Shop.Models;
using Acme.Shop.Schemas.Validation;
using Acme.Shop.Services;

namespace Acme.Shop.Schemas.V1;

/// <summary>A product.</summary>
public sealed record ProductResponse(
    long Id,
    string Name,
    string? Description,
    decimal Price,
    string Category,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    private const decimal TwoPlaces = 0.00m;

    // The sum has the places of its longer term: 12.5 is shown as 12.50, whichever database it comes from.
    public static ProductResponse From(Product product) => new(
        product.Id,
        product.Name,
        product.Description,
        product.Price + TwoPlaces,
        product.Category,
        product.CreatedAt,
        product.UpdatedAt);
}

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

    /// <summary>In US dollars.</summary>
    /// <example>12.5</example>
    [Required, PriceRange, DecimalPlaces(2)]
    public decimal? Price { get; init; }

    /// <summary>The shelf that it stands on.</summary>
    /// <example>kitchen</example>
    [Required, StringLength(Product.MaxCategoryLength), PlainText]
    public string? Category { get; init; }

    // 12.500 is 12.50: the database keeps two places, and what is answered at once has to be what is read later.
    internal static decimal ToTwoPlaces(decimal price) => decimal.Round(price, 2);

    /// <summary>The fields of a request that was validated.</summary>
    public ProductFields ToFields() => new(Name!, Description, ToTwoPlaces(Price!.Value), Category!);
}

/// <summary>A JSON merge patch (RFC 7396): a member that is absent stays, a member that is null is cleared.</summary>
public sealed record ProductPatchRequest : IValidatableObject
{
    [JsonConverter(typeof(OptionalJsonConverter<string?>))]
    public Optional<string?> Name { get; init; }

    [JsonConverter(typeof(OptionalJsonConverter<string?>))]
    public Optional<string?> Description { get; init; }

    [JsonConverter(typeof(OptionalJsonConverter<decimal?>))]
    public Optional<decimal?> Price { get; init; }

    [JsonConverter(typeof(OptionalJsonConverter<string?>))]
    public Optional<string?> Category { get; init; }

    /// <summary>Holds each member that is present to the rules of <see cref="ProductRequest"/>.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. PatchValidation.Check<ProductRequest, string?>(nameof(Name), Name),
        .. PatchValidation.Check<ProductRequest, string?>(nameof(Description), Description),
        .. PatchValidation.Check<ProductRequest, decimal?>(nameof(Price), Price),
        .. PatchValidation.Check<ProductRequest, string?>(nameof(Category), Category),
    ];

    /// <summary>The patch of a request that was validated.</summary>
    public ProductPatch ToPatch() => new(
        Name.Select(name => name!),
        Description,
        Price.Select(price => ProductRequest.ToTwoPlaces(price!.Value)),
        Category.Select(category => category!));
}
