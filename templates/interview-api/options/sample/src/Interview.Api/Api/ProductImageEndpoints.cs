using InterviewApi.Core.Files;
using InterviewApi.Core.OpenApi;
using InterviewApi.Services;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace InterviewApi.Api;

/// <summary>The image of a product, which is the same in all versions.</summary>
public static class ProductImageEndpoints
{
    public static void MapProductImages(this RouteGroupBuilder api)
    {
        var image = api.MapGroup("/products/{id:long}/image").WithTags("Products");
        var uploads = image.MapGroup("");
        uploads.MapPut("/", PutImage)
            .AcceptsFile(ImageUploadReader.FieldName)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
#if (UseRateLimiting)
        uploads.RequireUploadRateLimit();
#endif
        image.MapGet("/", GetImage)
            .Produces<Stream>(StatusCodes.Status200OK, "image/png", "image/jpeg", "image/gif", "image/webp")
            .ProducesProblem(StatusCodes.Status404NotFound);
        image.MapDelete("/", DeleteImage)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <summary>Gives a product an image, a PNG, JPEG, GIF or WebP file. It takes the place of the one before.</summary>
    internal static async Task<Results<Created, NoContent, ValidationProblem, ProblemHttpResult>> PutImage(
        long id,
        HttpContext context,
        IProductService products,
        ImageUploadReader uploads,
        ImageFiles files,
        CancellationToken cancellationToken)
    {
        if (await products.FindImageAsync(id, cancellationToken) is not { } before)
        {
            return ChangeProblems.From(ChangeStatus.NotFound);
        }

        var upload = await uploads.ReceiveAsync(context.Request, cancellationToken);
        if (upload.File is not { } file)
        {
            return upload.Error is { } error
                ? TypedResults.ValidationProblem(new Dictionary<string, string[]> { [ImageUploadReader.FieldName] = [error] })
                : TypedResults.Problem(statusCode: upload.StatusCode);
        }

        // From here on the image is complete: that the client leaves now must not leave a file without an owner. If the
        // database fails it may have stored the name all the same, so the file stays: better one too many than one missing.
        var change = await products.SetImageAsync(id, file, CancellationToken.None);
        if (change.Status != ChangeStatus.Done)
        {
            files.Delete(file);
            return ChangeProblems.From(change.Status);
        }

        context.Response.Headers.ETag = TagOf(file).ToString();
        return before.File is null ? TypedResults.Created(context.Request.Path) : TypedResults.NoContent();
    }

    /// <summary>Reads the image of a product, all of it or a range.</summary>
    internal static async Task<Results<FileStreamHttpResult, NotFound>> GetImage(
        long id, HttpContext context, IProductService products, ImageFiles files, CancellationToken cancellationToken)
    {
        var image = await products.FindImageAsync(id, cancellationToken);
        if (image?.File is not { } name || files.Open(name) is not { } content)
        {
            return TypedResults.NotFound();
        }

        // Never opened as a page of this origin, whatever the file holds beside an image.
        var format = ImageFormat.OfFile(name);
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Stream(
            content,
            format.ContentType,
            $"product-{id}{format.Extension}",
            File.GetLastWriteTimeUtc(content.Name),
            TagOf(name),
            enableRangeProcessing: true);
    }

    /// <summary>Takes the image of a product away.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteImage(
        long id, IProductService products, CancellationToken cancellationToken)
    {
        var image = await products.FindImageAsync(id, cancellationToken);
        if (image?.File is null)
        {
            return ChangeProblems.From(ChangeStatus.NotFound);
        }

        var change = await products.SetImageAsync(id, null, cancellationToken);
        return change.Status == ChangeStatus.Done ? TypedResults.NoContent() : ChangeProblems.From(change.Status);
    }

    // Each image has a name of its own, so the name stands for the content.
    private static EntityTagHeaderValue TagOf(string file) => new($"\"{Path.GetFileNameWithoutExtension(file)}\"");
}
