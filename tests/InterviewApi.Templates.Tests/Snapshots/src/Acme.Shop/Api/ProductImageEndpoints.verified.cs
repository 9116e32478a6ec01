using Acme.Shop.Core.Files;
using Acme.Shop.Models;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Mvc;

namespace Acme.Shop.Api;

/// <summary>The form of an upload.</summary>
public sealed class ImageForm
{
    public required IFormFile File { get; init; }
}

/// <summary>The image of a product. It is the same in all versions.</summary>
public static class ProductImageEndpoints
{
    private static readonly UploadRules Rules = new("file", 1, format => format.IsImage, new Dictionary<string, int>());

    public static void MapProductImages(this RouteGroupBuilder api)
    {
        var options = ((IEndpointRouteBuilder)api).ServiceProvider.GetRequiredService<IOptions<UploadOptions>>().Value;
        var image = api.MapGroup("/products/{id:long}/image").WithTags("Products");
        image.MapPut("/", PutImage)
            .WithMetadata(new RequestSizeLimitAttribute((long)options.MaxBytes + UploadReader.MaxFormBytes))
            .AcceptsUploads<ImageForm>()
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        image.MapGet("/", GetImage)
            .Produces<Stream>(StatusCodes.Status200OK, "image/png", "image/jpeg", "image/gif", "image/webp")
            .ProducesFileResponses();
        image.MapDelete("/", DeleteImage)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    /// <summary>Sets the product's image, a PNG, JPEG, GIF or WebP file. A previous image is replaced.</summary>
    internal static async Task<Results<Created, NoContent, ValidationProblem, ProblemHttpResult>> PutImage(
        long id, [AsParameters] Preconditions preconditions, HttpContext context, ProductImageService products,
        UploadReader uploads, CancellationToken cancellationToken)
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

        await using var form = await uploads.ReadAsync(context.Request, Rules, cancellationToken);

        // The file is complete, so a disconnect does not stop the change.
        var change = await products.SetImageAsync(id, form.Files[0], AllowsChange, CancellationToken.None);
        if (change.Product is not { } after)
        {
            return ChangeProblems.From(change.Status);
        }

        context.Response.Headers.ETag = FileResponses.TagOf(after.ImageFile)!.ToString();
        return before.ImageFile is null
            ? TypedResults.Created($"{context.Request.PathBase}{context.Request.Path}")
            : TypedResults.NoContent();

        bool AllowsChange(Product product) => AllowChange(preconditions, context, product.ImageFile);
    }

    /// <summary>Gets the product's image, or a range of it.</summary>
    internal static async Task<Results<EmptyHttpResult, ProblemHttpResult>> GetImage(
        long id, [AsParameters] Preconditions preconditions, HttpContext context, ProductImageService products,
        CancellationToken cancellationToken) =>
        await products.OpenImageAsync(id, cancellationToken) is { Content: { } content, Name: var name }
            ? await FileResponses.WriteAsync(context, preconditions, content, name, $"product-{id}{Path.GetExtension(name)}")
            : ChangeProblems.From(ChangeStatus.NotFound);

    /// <summary>Deletes the product's image.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteImage(
        long id, [AsParameters] Preconditions preconditions, HttpContext context, ProductImageService products,
        CancellationToken cancellationToken)
    {
        if ((await products.FindInDatabaseAsync(id, cancellationToken))?.ImageFile is null)
        {
            return ChangeProblems.From(ChangeStatus.NotFound);
        }

        var change = await products.SetImageAsync(
            id, null, product => AllowChange(preconditions, context, product.ImageFile), cancellationToken);
        return change.Status == ChangeStatus.Done ? TypedResults.NoContent() : ChangeProblems.From(change.Status);
    }

    // An image has a modification date, so If-Unmodified-Since counts too if there is no If-Match (RFC 9110 section 13.1.4).
    private static bool AllowChange(Preconditions preconditions, HttpContext context, string? file) =>
        preconditions.AllowChange(FileResponses.TagOf(file))
        && (preconditions.IfMatch is not null
            || context.Request.GetTypedHeaders().IfUnmodifiedSince is not { } date
            || file is null
            || FileNames.TimeOf(file) <= date);
}
