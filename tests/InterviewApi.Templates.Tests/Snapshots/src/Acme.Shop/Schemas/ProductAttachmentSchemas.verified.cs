using Acme.Shop.Core.Files;
using Acme.Shop.Models;

namespace Acme.Shop.Schemas;

/// <summary>A file that belongs to a product.</summary>
/// <param name="Name">The name under which it is downloaded.</param>
/// <param name="ContentType">The type, by the content of the file.</param>
/// <param name="Length">The size in bytes.</param>
public sealed record ProductAttachmentResponse(
    long Id, string Name, string ContentType, long Length, string? Description, string? Category, DateTimeOffset CreatedAt)
{
    public static ProductAttachmentResponse From(ProductAttachment attachment) => new(
        attachment.Id,
        attachment.Name,
        FileFormat.OfFile(attachment.File).ContentType,
        attachment.Length,
        attachment.Description,
        attachment.Category,
        attachment.CreatedAt);
}
