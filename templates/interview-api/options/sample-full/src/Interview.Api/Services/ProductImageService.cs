using InterviewApi.Core.Events;
using InterviewApi.Core.Files;
using InterviewApi.Models;
using InterviewApi.Repositories;

namespace InterviewApi.Services;

/// <summary>Products with images. It deletes the files that no product uses anymore.</summary>
public sealed class ProductImageService(
    ProductRepository products, ProductAttachmentRepository attachments, IFileStore files, Outbox outbox, TimeProvider time)
    : OutboxProductService(products, outbox, time)
{
    private readonly TimeProvider _time = time;

    /// <returns>No content if there is no such product, or it has no image.</returns>
    public async Task<(string Name, Stream? Content)> OpenImageAsync(long id, CancellationToken cancellationToken)
    {
        // A missing file was replaced after its name was read, so the product has another name by now.
        string? missing = null;
        while ((await FindInDatabaseAsync(id, cancellationToken))?.ImageFile is { } file && file != missing)
        {
            if (await files.OpenAsync(file, cancellationToken) is { } image)
            {
                return (file, image);
            }

            missing = file;
        }

        return default;
    }

    /// <summary>Replaces or removes the image of a product.</summary>
    /// <param name="image">Stored unless the change fails; null for no image.</param>
    public async Task<ProductChange> SetImageAsync(
        long id, UploadedFile? image, Func<Product, bool> precondition, CancellationToken cancellationToken)
    {
        var file = image is null ? null : FileNames.Create(image.Format, _time);
        string? previous = null;
        ProductChange result = default;

        try
        {
            if (image is not null)
            {
                await files.StoreAsync(image.Content, file!, cancellationToken);
            }

            return result = await UpdateAsync(id, Replace, precondition, cancellationToken);
        }
        finally
        {
            // A change that failed may have been committed: ask which file is in use. If the database does not answer,
            // both files stay, because an unused file is better than a missing one.
            var used = result.Product is null
                ? (await FindInDatabaseAsync(id, CancellationToken.None))?.ImageFile
                : file;
            foreach (var unused in new[] { previous, file }.OfType<string>().Where(name => name != used))
            {
                await files.DeleteAsync(unused);
            }
        }

        void Replace(Product product)
        {
            // After a retry of a change that was committed, the product has the new file already.
            if (product.ImageFile != file)
            {
                previous = product.ImageFile;
                product.ImageFile = file;
            }
        }
    }

    /// <summary>Deletes a product with its image and its attachments.</summary>
    public override async Task<ProductChange> DeleteAsync(
        long id, Func<Product, bool> precondition, CancellationToken cancellationToken)
    {
        // The database deletes the rows of the attachments. The sweep finds the files of those that are added meanwhile.
        var attached = await attachments.ListFilesAsync(id, cancellationToken);
        var result = await base.DeleteAsync(id, precondition, cancellationToken);
        foreach (var file in result.Status == ChangeStatus.Done ? attached.Append(result.Product?.ImageFile).OfType<string>() : [])
        {
            await files.DeleteAsync(file);
        }

        return result;
    }
}
