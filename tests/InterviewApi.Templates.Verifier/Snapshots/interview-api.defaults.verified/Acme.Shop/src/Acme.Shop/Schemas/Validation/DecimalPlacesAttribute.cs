using System.ComponentModel.DataAnnotations;

namespace Acme.Shop.Schemas.Validation;

/// <summary>Refuses a decimal number with more than the given places after the point; trailing zeros do not count.</summary>
public sealed class DecimalPlacesAttribute(int places)
    : ValidationAttribute($"The {{0}} field must have at most {places} decimal places.")
{
    public int Places { get; } = places;

    public override bool IsValid(object? value) => value is not decimal number || decimal.Round(number, Places) == number;
}
