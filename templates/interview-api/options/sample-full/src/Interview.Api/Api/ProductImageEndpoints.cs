using InterviewApi.Core.Files;
using InterviewApi.Models;
using InterviewApi.Services;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace InterviewApi.Api;

/// <summary>The form of an upload.</summary>
public sealed class ImageForm
{
    public required IFormFile File { get; init; }
}

/// <summary>The image of a product. It is the same in all versions.</summary>
public static class ProductImageEndpoints
{
    public static void MapProductImages(this RouteGroupBuilder api)
    {
        var options = ((IEndpointRouteBuilder)api).ServiceProvider.GetRequiredService<IOptions<UploadOptions>>().Value;
        var image = api.MapGroup("/products/{id:long}/image").WithTags("Products");
        var upload = image.MapPut("/", PutImage)
            .WithMetadata(new RequestSizeLimitAttribute((long)options.MaxBytes + ImageUploadReader.MaxFormBytes))
            .Accepts<ImageForm>(ImageUploadReader.ContentType)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
        upload.DisableRequestTimeout();
#if (UseRateLimiting)
        upload.RequireRateLimiting("upload");
#endif
        image.MapGet("/", GetImage)
            .Produces<Stream>(StatusCodes.Status200OK, "image/png", "image/jpeg", "image/gif", "image/webp")
            .Produces(StatusCodes.Status206PartialContent)
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status416RangeNotSatisfiable);
        image.MapDelete("/", DeleteImage)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    /// <summary>Sets the product's image, a PNG, JPEG, GIF or WebP file. A previous image is replaced.</summary>
    internal static async Task<Results<Created, NoContent, ValidationProblem, ProblemHttpResult>> PutImage(
        long id,
        [AsParameters] Preconditions preconditions,
        HttpContext context,
        ProductImageService products,
        ImageUploadReader uploads,
        ImageFiles files,
        CancellationToken cancellationToken)
    {
        if (await products.FindInDatabaseAsync(id, cancellationToken) is not { } before)
        {
            return ChangeProblems.From(ChangeStatus.NotFound);
        }

        // Checked before the body is read, and again when the product is changed.
        if (!AllowsChange(before))
        {
            return ChangeProblems.From(ChangeStatus.PreconditionFailed);
        }

        var file = await uploads.ReceiveAsync(context.Request, cancellationToken);

        // The file is complete, so a disconnect does not stop the change.
        var change = await products.SetImageAsync(id, file, AllowsChange, CancellationToken.None);
        if (change.Status != ChangeStatus.Done)
        {
            return ChangeProblems.From(change.Status);
        }

        context.Response.Headers.ETag = TagOf(file)!.ToString();
        return before.ImageFile is null
            ? TypedResults.Created($"{context.Request.PathBase}{context.Request.Path}")
            : TypedResults.NoContent();

        bool AllowsChange(Product product) => AllowChange(preconditions, context, files, product.ImageFile);
    }

    /// <summary>Gets the product's image, or a range of it.</summary>
    internal static async Task<Results<EmptyHttpResult, ProblemHttpResult>> GetImage(
        long id,
        [AsParameters] Preconditions preconditions,
        HttpContext context,
        ProductImageService products,
        CancellationToken cancellationToken)
    {
        if (await products.OpenImageAsync(id, cancellationToken) is not { } content)
        {
            return ChangeProblems.From(ChangeStatus.NotFound);
        }

        var tag = TagOf(content.Name)!;
        if (preconditions.StatusOfRead(tag) == StatusCodes.Status412PreconditionFailed)
        {
            await content.DisposeAsync();
            return ChangeProblems.From(ChangeStatus.PreconditionFailed);
        }

        // An attachment, which no browser opens as a page of this origin, whatever else the file contains.
        var format = ImageFormat.OfFile(content.Name);
        context.Response.Headers.CacheControl = "no-cache";
        await TypedResults.Stream(
            content,
            format.ContentType,
            $"product-{id}{format.Extension}",
            File.GetLastWriteTimeUtc(content.SafeFileHandle),
            tag,
            enableRangeProcessing: true).ExecuteAsync(context);
        if (context.Response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest } refusal)
        {
            // The range or precondition failed. Without these headers, the response becomes a problem document.
            refusal.ContentType = null;
            refusal.ContentLength = null;
        }

        return TypedResults.Empty;
    }

    /// <summary>Deletes the product's image.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteImage(
        long id,
        [AsParameters] Preconditions preconditions,
        HttpContext context,
        ProductImageService products,
        ImageFiles files,
        CancellationToken cancellationToken)
    {
        if ((await products.FindInDatabaseAsync(id, cancellationToken))?.ImageFile is null)
        {
            return ChangeProblems.From(ChangeStatus.NotFound);
        }

        var change = await products.SetImageAsync(
            id, null, product => AllowChange(preconditions, context, files, product.ImageFile), cancellationToken);
        return change.Status == ChangeStatus.Done ? TypedResults.NoContent() : ChangeProblems.From(change.Status);
    }

    // An image has a modification date, so If-Unmodified-Since counts too if there is no If-Match (RFC 9110 section 13.1.4).
    private static bool AllowChange(Preconditions preconditions, HttpContext context, ImageFiles files, string? file) =>
        preconditions.AllowChange(TagOf(file))
        && (preconditions.IfMatch is not null
            || context.Request.GetTypedHeaders().IfUnmodifiedSince is not { } date
            || file is null
            || files.LastModified(file) <= date);

    // Each image has a unique name, so the name identifies the content.
    private static EntityTagHeaderValue? TagOf(string? file) =>
        file is null ? null : new($"\"{Path.GetFileNameWithoutExtension(file)}\"");
}
