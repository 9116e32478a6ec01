using Microsoft.Net.Http.Headers;

namespace Acme.Shop.Middleware;

/// <summary>
/// JSON is UTF-8 and knows no charset parameter (RFC 8259 sections 8.1 and 11). One that says so all the same is taken
/// off, quoted or not; another one is a media type that this API does not read. The framework fails on both.
/// </summary>
public sealed class JsonCharsetMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.Charset.HasValue
            || !request.HasJsonContentType())
        {
            return next(context);
        }

        if (!HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }

        type.Charset = null;
        request.ContentType = type.ToString();
        return next(context);
    }
}
