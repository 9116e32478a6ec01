using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Acme.Shop.Core.Configuration;

/// <summary>
/// The end of life of API version 1, announced to its callers in response headers. Dates are ISO 8601, with or without a
/// time; without an offset they are in UTC, wherever the process runs.
/// </summary>
public sealed class VersionOptions : IValidatableObject
{
    public const string Section = "ApiVersions:V1";

    private static readonly string[] Formats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <value>From when on version 1 is deprecated (RFC 9745). Without a value it is not.</value>
    public string? DeprecatedAt { get; set; }

    /// <value>From when on version 1 may stop answering (RFC 8594).</value>
    public string? SunsetAt { get; set; }

    public DateTimeOffset? Deprecation => Parse(DeprecatedAt);

    public DateTimeOffset? Sunset => Parse(SunsetAt);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(DeprecatedAt) && Deprecation is null)
        {
            yield return NoDate(nameof(DeprecatedAt));
        }

        if (!string.IsNullOrEmpty(SunsetAt) && Sunset is null)
        {
            yield return NoDate(nameof(SunsetAt));
        }

        if (Sunset < Deprecation)
        {
            yield return new ValidationResult(
                "A version cannot end before it is deprecated.", [nameof(SunsetAt)]);
        }
    }

    private static DateTimeOffset? Parse(string? date) =>
        DateTimeOffset.TryParseExact(date, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)
            ? parsed
            : null;

    private static ValidationResult NoDate(string name) =>
        new("An ISO 8601 date is needed, such as 2027-01-31 or 2027-01-31T12:00:00Z.", [name]);
}
