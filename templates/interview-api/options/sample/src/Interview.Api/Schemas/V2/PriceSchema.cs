using System.ComponentModel.DataAnnotations;
using System.Globalization;
using InterviewApi.Schemas.Validation;

namespace InterviewApi.Schemas.V2;

/// <summary>An amount of money. The amount is text, because many JSON readers would round a number.</summary>
public sealed record PriceSchema : IValidatableObject
{
    private const string OnlyCurrency = "USD";

    /// <summary>A decimal number with at most two places.</summary>
    /// <example>"12.50"</example>
    [Required, RegularExpression(@"^(0|[1-9][0-9]{0,6})(\.[0-9]{1,2})?$", ErrorMessage = "The {0} field must be a number with at most two places.")]
    public string? Amount { get; init; }

    /// <summary>An ISO 4217 code. Prices are kept in US dollars.</summary>
    /// <example>USD</example>
    [Required, AllowedValues(OnlyCurrency, ErrorMessage = "The {0} field must be " + OnlyCurrency + ".")]
    public string? Currency { get; init; }

    public static PriceSchema From(decimal price) => new()
    {
        Amount = price.ToString("0.00", CultureInfo.InvariantCulture),
        Currency = OnlyCurrency,
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!new PriceRangeAttribute().IsValid(ToDecimal()))
        {
            yield return new ValidationResult(
                new PriceRangeAttribute().FormatErrorMessage(nameof(Amount)), [nameof(Amount)]);
        }
    }

    /// <summary>The amount of a price that was validated.</summary>
    public decimal ToDecimal() => decimal.Parse(Amount!, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
}
