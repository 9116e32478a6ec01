using InterviewApi.Core.Files;
using InterviewApi.Models;
using InterviewApi.Repositories;

namespace InterviewApi.Services;

/// <summary>The attachments of products. A file is stored before its row and deleted after it, so no row lacks its file.</summary>
public sealed class ProductAttachmentService(
    ProductAttachmentRepository attachments, ProductRepository products, IFileStore files, TimeProvider time)
{
    /// <summary>Stores all of these files, or none.</summary>
    /// <param name="texts">The description and the category that all of them get.</param>
    public async Task<IReadOnlyList<ProductAttachment>> AddAsync(
        long productId, IEnumerable<UploadedFile> uploaded, (string? Description, string? Category) texts, CancellationToken cancellationToken)
    {
        var added = new List<ProductAttachment>();
        try
        {
            foreach (var file in uploaded)
            {
                added.Add(new ProductAttachment
                {
                    ProductId = productId,
                    File = FileNames.Create(file.Format, time),
                    Name = file.Name,
                    Length = file.Length,
                    Description = texts.Description,
                    Category = texts.Category,
                    CreatedAt = time.GetUtcNow(),
                });
                await files.StoreAsync(file.Content, added[^1].File, cancellationToken);
            }

            await attachments.AddAsync(added, cancellationToken);
            return added;
        }
        catch (Exception)
        {
            // The rows may have been committed anyway. If the database does not answer, the sweep checks again.
            await DeleteUnusedAsync([.. added.Select(attachment => attachment.File)], CancellationToken.None);
            throw;
        }
    }

    public async Task<bool> HasProductAsync(long productId, CancellationToken cancellationToken) =>
        await products.FindInDatabaseAsync(productId, cancellationToken) is not null;

    public Task<IReadOnlyList<ProductAttachment>> ListAsync(
        long productId, int skip, int take, CancellationToken cancellationToken) =>
        attachments.ListAsync(productId, skip, take, cancellationToken);

    /// <returns>Nothing if there is no such attachment.</returns>
    public async Task<(ProductAttachment? Attachment, Stream? Content)> OpenAsync(
        long productId, long id, CancellationToken cancellationToken)
    {
        var attachment = await attachments.FindAsync(productId, id, cancellationToken);
        return (attachment, attachment is null ? null : await files.OpenAsync(attachment.File, cancellationToken));
    }

    /// <returns>False if there is no such attachment, or another request has deleted it.</returns>
    public async Task<bool> DeleteAsync(long productId, long id, CancellationToken cancellationToken)
    {
        if (await attachments.FindAsync(productId, id, cancellationToken) is not { } attachment
            || !await attachments.DeleteAsync(productId, id, cancellationToken))
        {
            return false;
        }

        await files.DeleteAsync(attachment.File);
        return true;
    }

    /// <summary>Deletes those of these files that no row refers to.</summary>
    public async Task DeleteUnusedAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var used = await attachments.FindUsedAsync(names, cancellationToken);
        foreach (var unused in names.Where(name => !used.Contains(name)))
        {
            await files.DeleteAsync(unused);
        }
    }
}
