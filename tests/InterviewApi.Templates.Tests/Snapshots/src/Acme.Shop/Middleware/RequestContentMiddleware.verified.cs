using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Acme.Shop.Middleware;

/// <summary>Rejects an unsupported body with 415 before anything reads it: a content coding, or JSON that is not UTF-8.</summary>
// So is a +json type that the endpoint does not declare, which the framework would read as plain JSON. The charset parameter
// is removed, because the framework fails on some charsets; a form is UTF-8 whatever it says.
public sealed class RequestContentMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (HttpMethods.IsPatch(request.Method))
        {
            // Set when the response starts, because the exception handler clears the headers.
            response.OnStarting(WriteAcceptPatch, response);
        }

        if (!StringValues.IsNullOrEmpty(request.Headers.ContentEncoding)
            && !string.Equals(request.Headers.ContentEncoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.AcceptEncoding = "identity";
            response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }

        var isJson = request.HasJsonContentType();
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !(isJson || request.HasFormContentType))
        {
            return next(context);
        }

        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        if (isJson && ((charset.HasValue && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            || (type.Suffix.HasValue && !IsDeclared(context.GetEndpoint(), type))))
        {
            response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }

        if (charset.HasValue)
        {
            type.Charset = null;
            request.ContentType = type.ToString();
        }

        return next(context);
    }

    private static bool IsDeclared(Endpoint? endpoint, MediaTypeHeaderValue type) =>
        endpoint?.Metadata.GetMetadata<IAcceptsMetadata>() is not { } accepts
        || accepts.ContentTypes.Any(accepted => type.MediaType.Equals(accepted, StringComparison.OrdinalIgnoreCase));

    // RFC 5789 section 2.2. Every PATCH of this API is a merge patch.
    private static Task WriteAcceptPatch(object state)
    {
        if (state is HttpResponse { StatusCode: StatusCodes.Status415UnsupportedMediaType } response)
        {
            response.Headers["Accept-Patch"] = "application/merge-patch+json, application/json";
        }

        return Task.CompletedTask;
    }
}
