using System.ComponentModel.DataAnnotations;

namespace Acme.Shop.Core.Configuration;

/// <summary>The origins whose pages may call this API from a browser. The default is none.</summary>
public sealed class CorsOptions : IValidatableObject
{
    public const string Section = "Cors";

    /// <value>Origins as a browser sends them: scheme, host and port, without a path.</value>
    public string[] AllowedOrigins { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var origin in AllowedOrigins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                || uri.Scheme is not ("http" or "https")
                || !string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase))
            {
                yield return new ValidationResult(
                    $"'{origin}' is not an origin such as https://app.example.com.", [nameof(AllowedOrigins)]);
            }
        }
    }
}
