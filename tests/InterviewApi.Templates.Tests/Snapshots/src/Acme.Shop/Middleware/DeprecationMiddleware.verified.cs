using Acme.Shop.Api.V1;
using Acme.Shop.Api.V2;

namespace Acme.Shop.Middleware;

/// <summary>The end of life of version 1, in ISO 8601 with or without a time; without an offset, dates are in UTC.</summary>
public sealed class VersionOptions : IValidatableObject
{
    private static readonly string[] Formats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <value>When version 1 becomes deprecated (RFC 9745); null if it does not.</value>
    public string? DeprecatedAt { get; set; }

    /// <value>When version 1 may stop responding (RFC 8594).</value>
    public string? SunsetAt { get; set; }

    public DateTimeOffset? Deprecation => Parse(DeprecatedAt);

    public DateTimeOffset? Sunset => Parse(SunsetAt);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, date) in new[] { (nameof(DeprecatedAt), DeprecatedAt), (nameof(SunsetAt), SunsetAt) })
        {
            if (!string.IsNullOrEmpty(date) && Parse(date) is null)
            {
                yield return new("An ISO 8601 date is required, such as 2027-01-31 or 2027-01-31T12:00:00Z.", [name]);
            }
        }

        if (Sunset < Deprecation)
        {
            yield return new("A version cannot end before it is deprecated.", [nameof(SunsetAt)]);
        }
    }

    private static DateTimeOffset? Parse(string? date) =>
        DateTimeOffset.TryParseExact(date, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)
            ? parsed
            : null;
}

/// <summary>Announces the end of version 1 with <c>Deprecation</c> (RFC 9745), <c>Sunset</c> (RFC 8594) and <c>Link</c>.</summary>
public sealed class DeprecationMiddleware(RequestDelegate next, IOptions<VersionOptions> options)
{
    // A longer path is not a resource of this API, and in a header it could exceed the buffer of a proxy.
    private const int MaxLinkLength = 256;

    private readonly string? _deprecation = options.Value.Deprecation is { } deprecated
        ? string.Create(CultureInfo.InvariantCulture, $"@{deprecated.ToUnixTimeSeconds()}")
        : null;

    private readonly string? _sunset = options.Value.Sunset?.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture);

    public Task InvokeAsync(HttpContext context)
    {
        if ((_deprecation ?? _sunset) is not null
            && context.Request.Path.StartsWithSegments(ApiV1.Prefix, StringComparison.OrdinalIgnoreCase, out var rest))
        {
            // Set when the response starts, because the exception handler clears the headers.
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers["Deprecation"] = _deprecation;
                headers["Sunset"] = _sunset;
                var successor = context.Request.PathBase.Add(ApiV2.Prefix).Add(rest).ToUriComponent();
                if (successor.Length <= MaxLinkLength)
                {
                    headers.Append("Link", $"<{successor}>; rel=\"successor-version\"");
                }

                return Task.CompletedTask;
            });
        }

        return next(context);
    }
}
