using System.ComponentModel.DataAnnotations;

namespace Acme.Shop.Schemas.Validation;

/// <summary>The prices that a product may have, in US dollars.</summary>
public sealed class PriceRangeAttribute : RangeAttribute
{
    public PriceRangeAttribute()
        : base(typeof(decimal), "0.01", "1000000")
    {
        ParseLimitsInInvariantCulture = true;
        ConvertValueInInvariantCulture = true;
    }
}
