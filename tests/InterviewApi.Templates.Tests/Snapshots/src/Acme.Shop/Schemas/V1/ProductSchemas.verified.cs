using Acme.Shop.Models;

namespace Acme.Shop.Schemas.V1;

/// <summary>A product.</summary>
public sealed record ProductResponse(
    long Id, string Name, string? Description, decimal Price, string Category, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    private const decimal TwoPlaces = 0.00m;

    // A sum has the decimal places of its longer term, so 12.5 becomes 12.50 with every database.
    public static ProductResponse From(Product product) => new(
        product.Id, product.Name, product.Description, product.Price + TwoPlaces, product.Category, product.CreatedAt,
        product.UpdatedAt);
}

/// <summary>The fields of a product.</summary>
public sealed record ProductRequest : ProductFields
{
    /// <summary>The price in US dollars, with at most two decimal places.</summary>
    /// <example>12.5</example>
    [Required, DecimalPlaces(2)]
    [Range(typeof(decimal), "0.01", "1000000", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public decimal? Price { get; init; }

    public static ProductRequest From(Product product) => new()
    {
        Name = product.Name,
        Description = product.Description,
        Price = product.Price,
        Category = product.Category,
    };

    // 12.500 becomes 12.50: the database stores two places, and the response to a write must equal later reads.
    protected override decimal ToPrice() => decimal.Round(Price!.Value, 2);
}

/// <summary>Limits the decimal places of a number. Trailing zeros do not count.</summary>
public sealed class DecimalPlacesAttribute(int places)
    : ValidationAttribute($"The {{0}} field must have at most {places} decimal places.")
{
    public int Places { get; } = places;

    public override bool IsValid(object? value) => value is not decimal number || decimal.Round(number, Places) == number;
}
