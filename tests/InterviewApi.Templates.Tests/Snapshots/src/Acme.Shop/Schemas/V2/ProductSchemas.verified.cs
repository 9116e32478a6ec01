using Acme.Shop.Models;

namespace Acme.Shop.Schemas.V2;

/// <summary>A product.</summary>
public sealed record ProductResponse(
    long Id, string Name, string? Description, PriceSchema Price, string Category, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt, int Version)
{
    public static ProductResponse From(Product product) => new(
        product.Id, product.Name, product.Description, PriceSchema.From(product.Price), product.Category, product.CreatedAt,
        product.UpdatedAt, product.Version);
}

/// <summary>A page of products.</summary>
/// <param name="Items">The products of this page.</param>
/// <param name="NextCursor">The cursor of the next page; null on the last page.</param>
public sealed record ProductPage(IReadOnlyList<ProductResponse> Items, string? NextCursor);

/// <summary>The fields of a product.</summary>
public sealed record ProductRequest : ProductFields
{
    /// <summary>The price of the product.</summary>
    [Required]
    public PriceSchema? Price { get; init; }

    public static ProductRequest From(Product product) => new()
    {
        Name = product.Name,
        Description = product.Description,
        Price = PriceSchema.From(product.Price),
        Category = product.Category,
    };

    protected override decimal ToPrice() => Price!.ToDecimal();
}

/// <summary>An amount of money. The amount is text, because many JSON parsers would round a number.</summary>
public sealed record PriceSchema
{
    private const string OnlyCurrency = "USD";

    // More than 0 and at most 1,000,000, without a leading zero.
    private const string AmountPattern =
        @"^(?!0(\.00?)?$)(0|[1-9][0-9]{0,5})(\.[0-9]{1,2})?$|^1000000(\.00?)?$";

    /// <summary>A decimal number greater than 0 and at most 1000000, with at most two decimal places.</summary>
    /// <example>"12.50"</example>
    [Required]
    [RegularExpression(
        AmountPattern,
        ErrorMessage = "The {0} field must be a number greater than 0 and at most 1000000, with at most two decimal places.")]
    public string? Amount { get; init; }

    /// <summary>An ISO 4217 code. Prices are in US dollars.</summary>
    /// <example>USD</example>
    [Required, AllowedValues(OnlyCurrency, ErrorMessage = "The {0} field must be " + OnlyCurrency + ".")]
    public string? Currency { get; init; }

    public static PriceSchema From(decimal price) => new()
    {
        Amount = price.ToString("0.00", CultureInfo.InvariantCulture),
        Currency = OnlyCurrency,
    };

    /// <summary>The amount of a validated price.</summary>
    public decimal ToDecimal() => decimal.Parse(Amount!, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
}
