using Acme.Shop.Core.Files;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Net.Http.Headers;

namespace Acme.Shop.Api;

/// <summary>Responses with a stored file.</summary>
public static class FileResponses
{
    /// <summary>Writes the file, or the range of it that the client wants.</summary>
    /// <param name="name">The name in the store.</param>
    /// <param name="downloadName">The name that the client shows.</param>
    public static async Task<Results<EmptyHttpResult, ProblemHttpResult>> WriteAsync(
        HttpContext context, Preconditions preconditions, Stream content, string name, string downloadName)
    {
        var tag = TagOf(name)!;
        if (preconditions.StatusOfRead(tag) == StatusCodes.Status412PreconditionFailed)
        {
            await content.DisposeAsync();
            return ChangeProblems.From(ChangeStatus.PreconditionFailed);
        }

        // RFC 9110 section 13, which the framework does not follow here: If-Unmodified-Since does not count beside If-Match, and
        // an If-Range that is not valid matches nothing.
        var headers = context.Request.GetTypedHeaders();
        headers.IfUnmodifiedSince = preconditions.IfMatch is null ? headers.IfUnmodifiedSince : null;
        var canBePart = headers.IfRange is not null || context.Request.Headers.IfRange.Count == 0;

        // An attachment, which no browser opens as a page of this origin, whatever else the file contains.
        context.Response.Headers.CacheControl = "no-cache";
        await TypedResults.Stream(
            content, FileFormat.OfFile(name).ContentType, downloadName, FileNames.TimeOf(name), tag,
            enableRangeProcessing: canBePart && headers.Range is null or { Unit.Value: "bytes" }).ExecuteAsync(context);
        if (context.Response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest } refusal)
        {
            // The range or precondition failed. Without these headers, the response becomes a problem document.
            refusal.ContentType = null;
            refusal.ContentLength = null;
        }

        return TypedResults.Empty;
    }

    /// <summary>Each file has a unique name, so the name identifies the content.</summary>
    public static EntityTagHeaderValue? TagOf(string? name) =>
        name is null ? null : new($"\"{Path.GetFileNameWithoutExtension(name)}\"");

    /// <summary>Documents the responses other than 200, and lifts the time limit of the request: a client may read slowly.</summary>
    public static RouteHandlerBuilder ProducesFileResponses(this RouteHandlerBuilder endpoint) => endpoint
        .WithMetadata(new DisableRequestTimeoutAttribute())
        .Produces(StatusCodes.Status206PartialContent)
        .ProducesReadProblems()
        .ProducesProblem(StatusCodes.Status416RangeNotSatisfiable)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <summary>Documents the responses to a form that is not accepted, and lifts the time limit of the request.</summary>
    public static RouteHandlerBuilder AcceptsUploads<TForm>(this RouteHandlerBuilder endpoint)
        where TForm : notnull
    {
        endpoint
            .Accepts<TForm>(UploadReader.ContentType)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage)
            .DisableRequestTimeout();
@@ rate-limiting=true
        endpoint.RequireRateLimiting("upload");
@@ always
        return endpoint;
    }
}
