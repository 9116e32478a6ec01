using Acme.Shop.Core.Files;
using Acme.Shop.Models;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Mvc;

namespace Acme.Shop.Api;

/// <summary>The form of new attachments: 1 to 10 files, and what is true of all of them.</summary>
public sealed class AttachmentForm
{
    public required IFormFileCollection Files { get; init; }

    public string? Description { get; init; }

    public string? Category { get; init; }
}

/// <summary>A file that belongs to a product.</summary>
/// <param name="Name">The name under which it is downloaded.</param>
/// <param name="ContentType">The type, by the content of the file.</param>
/// <param name="Length">The size in bytes.</param>
public sealed record ProductAttachmentResponse(
    long Id, string Name, string ContentType, long Length, string? Description, string? Category, DateTimeOffset CreatedAt)
{
    public static ProductAttachmentResponse From(ProductAttachment attachment) => new(
        attachment.Id, attachment.Name, FileFormat.OfFile(attachment.File).ContentType, attachment.Length, attachment.Description,
        attachment.Category, attachment.CreatedAt);
}

/// <summary>The attachments of a product. They are the same in all versions.</summary>
public static class ProductAttachmentEndpoints
{
    private static readonly UploadRules Rules = new("files", 10, _ => true, new Dictionary<string, int>
    {
        ["description"] = ProductAttachment.MaxDescriptionLength,
        ["category"] = Product.MaxCategoryLength,
    });

    public static void MapProductAttachments(this RouteGroupBuilder api)
    {
        var options = ((IEndpointRouteBuilder)api).ServiceProvider.GetRequiredService<IOptions<UploadOptions>>().Value;
        var attachments = api.MapGroup("/products/{id:long}/attachments").WithTags("Products");
        attachments.MapPost("/", AddAttachments)
            .WithMetadata(new RequestSizeLimitAttribute(options.MaxRequestBytes))
            .AcceptsUploads<AttachmentForm>();
        attachments.MapGet("/", ListAttachments)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
        attachments.MapGet("/{attachmentId:long}", GetAttachment)
            .Produces<Stream>(StatusCodes.Status200OK, "image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")
            .ProducesFileResponses();
        attachments.MapDelete("/{attachmentId:long}", DeleteAttachment)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Attaches 1 to 10 files to a product: PNG, JPEG, GIF, WebP or PDF. All of them are stored, or none.</summary>
    internal static async Task<Results<Created<ProductAttachmentResponse[]>, ValidationProblem, ProblemHttpResult>> AddAttachments(
        long id, HttpContext context, ProductAttachmentService attachments, UploadReader uploads, CancellationToken cancellationToken)
    {
        if (!await attachments.HasProductAsync(id, cancellationToken))
        {
            return ChangeProblems.From(ChangeStatus.NotFound);
        }

        await using var form = await uploads.ReadAsync(context.Request, Rules, cancellationToken);

        // The files are complete, so a disconnect does not stop the change.
        var added = await attachments.AddAsync(
            id, form.Files, (form.Texts.GetValueOrDefault("description"), form.Texts.GetValueOrDefault("category")),
            CancellationToken.None);
        return TypedResults.Created(
            $"{context.Request.PathBase}{context.Request.Path.Value!.TrimEnd('/')}/{added[0].Id}",
            added.Select(ProductAttachmentResponse.From).ToArray());
    }

    /// <summary>Lists the attachments of a product, oldest first, with links to the next and the previous page.</summary>
    internal static async Task<Results<Ok<ProductAttachmentResponse[]>, ProblemHttpResult>> ListAttachments(
        long id, [AsParameters] Paging paging, HttpContext context, ProductAttachmentService attachments,
        CancellationToken cancellationToken)
    {
        var found = await attachments.ListAsync(id, paging.Skip, paging.Limit + 1, cancellationToken);
        if (found.Count == 0 && !await attachments.HasProductAsync(id, cancellationToken))
        {
            return ChangeProblems.From(ChangeStatus.NotFound);
        }

        PageLinks.Write(context, paging, found.Count > paging.Limit);
        return TypedResults.Ok(found.Take(paging.Limit).Select(ProductAttachmentResponse.From).ToArray());
    }

    /// <summary>Gets an attachment, or a range of it.</summary>
    internal static async Task<Results<EmptyHttpResult, ProblemHttpResult>> GetAttachment(
        long id, long attachmentId, [AsParameters] Preconditions preconditions, HttpContext context,
        ProductAttachmentService attachments, CancellationToken cancellationToken) =>
        await attachments.OpenAsync(id, attachmentId, cancellationToken) is { Attachment: { } attachment, Content: { } content }
            ? await FileResponses.WriteAsync(context, preconditions, content, attachment.File, attachment.Name)
            : ChangeProblems.From(ChangeStatus.NotFound);

    /// <summary>Deletes an attachment.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAttachment(
        long id, long attachmentId, ProductAttachmentService attachments, CancellationToken cancellationToken) =>
        await attachments.DeleteAsync(id, attachmentId, cancellationToken)
            ? TypedResults.NoContent()
            : ChangeProblems.From(ChangeStatus.NotFound);
}
