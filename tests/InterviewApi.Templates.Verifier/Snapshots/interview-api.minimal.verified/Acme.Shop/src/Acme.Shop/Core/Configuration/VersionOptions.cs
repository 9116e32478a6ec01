using System.ComponentModel.DataAnnotations;

namespace Acme.Shop.Core.Configuration;

/// <summary>The end of life of API version 1, announced to its callers in response headers.</summary>
public sealed class VersionOptions : IValidatableObject
{
    public const string Section = "ApiVersions:V1";

    /// <value>From when on version 1 is deprecated (RFC 9745). ISO 8601; without a value it is not.</value>
    public DateTimeOffset? DeprecatedAt { get; set; }

    /// <value>From when on version 1 may stop answering (RFC 8594). ISO 8601.</value>
    public DateTimeOffset? SunsetAt { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SunsetAt < DeprecatedAt)
        {
            yield return new ValidationResult(
                "A version cannot end before it is deprecated.", [nameof(SunsetAt)]);
        }
    }
}
