using System.ComponentModel.DataAnnotations;
using Acme.Shop.Core;

namespace Acme.Shop.Schemas.Validation;

/// <summary>Validates a patch by the annotations of the request that replaces the whole resource.</summary>
public static class PatchValidation
{
    public static IEnumerable<ValidationResult> Check<TRequest, TValue>(string member, Optional<TValue> value)
        where TRequest : new() =>
        value.IsPresent ? Check(new TRequest(), member, value.Or(default!)) : [];

    private static List<ValidationResult> Check(object request, string member, object? value)
    {
        var results = new List<ValidationResult>();
        if (Validator.TryValidateProperty(value, new ValidationContext(request) { MemberName = member }, results)
            && value is not null)
        {
            Validator.TryValidateObject(value, new ValidationContext(value), results, validateAllProperties: true);
            return results.ConvertAll(result => new ValidationResult(
                result.ErrorMessage, result.MemberNames.Select(nested => $"{member}.{nested}")));
        }

        return results;
    }
}
