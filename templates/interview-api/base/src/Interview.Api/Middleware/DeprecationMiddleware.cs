using System.Globalization;
using InterviewApi.Api.V1;
using InterviewApi.Api.V2;
using InterviewApi.Core.Configuration;
using Microsoft.Extensions.Options;

namespace InterviewApi.Middleware;

/// <summary>
/// Announces the end of version 1 on each of its responses: <c>Deprecation</c> (RFC 9745), <c>Sunset</c> (RFC 8594)
/// and a <c>Link</c> to the same path of version 2. Does nothing until the dates are configured.
/// </summary>
public sealed class DeprecationMiddleware(RequestDelegate next, IOptions<VersionOptions> options)
{
    // A longer path is no resource of this API; repeated in a header it could exceed the buffer of a proxy.
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
            context.Response.OnStarting(() =>
            {
                WriteHeaders(context, rest);
                return Task.CompletedTask;
            });
        }

        return next(context);
    }

    private void WriteHeaders(HttpContext context, PathString rest)
    {
        var headers = context.Response.Headers;
        if (_deprecation is not null)
        {
            headers["Deprecation"] = _deprecation;
        }

        if (_sunset is not null)
        {
            headers["Sunset"] = _sunset;
        }

        var successor = context.Request.PathBase.Add(ApiV2.Prefix).Add(rest).ToUriComponent();
        if (successor.Length <= MaxLinkLength)
        {
            headers.Append("Link", $"<{successor}>; rel=\"successor-version\"");
        }
    }
}
