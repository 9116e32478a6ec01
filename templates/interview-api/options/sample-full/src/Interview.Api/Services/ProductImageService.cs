using InterviewApi.Core.Events;
using InterviewApi.Core.Files;
using InterviewApi.Models;
using InterviewApi.Repositories;

namespace InterviewApi.Services;

/// <summary>Products with images. It deletes the files that no product uses anymore.</summary>
public sealed class ProductImageService(
    ProductRepository products, ImageFiles files, Outbox outbox, TimeProvider time)
    : OutboxProductService(products, outbox, time)
{
    /// <summary>Opens the current image of a product.</summary>
    /// <returns>Null if there is no such product, or it has no image.</returns>
    public async Task<FileStream?> OpenImageAsync(long id, CancellationToken cancellationToken)
    {
        // A file that is missing was replaced after its name was read, so the product has another name by now.
        string? missing = null;
        while ((await FindInDatabaseAsync(id, cancellationToken))?.ImageFile is { } file && file != missing)
        {
            if (files.Open(file) is { } image)
            {
                return image;
            }

            missing = file;
        }

        return null;
    }

    /// <summary>Replaces or removes the image of a product.</summary>
    /// <param name="file">The name of a stored file, which is deleted if the change fails; null for no image.</param>
    public async Task<ProductChange> SetImageAsync(
        long id, string? file, Func<Product, bool> precondition, CancellationToken cancellationToken)
    {
        string? previous = null;
        ProductChange result = default;

        // After a retry of a change that was committed, the product has the new file already.
        void Replace(Product product) =>
            (previous, product.ImageFile) = (product.ImageFile == file ? previous : product.ImageFile, file);
        try
        {
            return result = await UpdateAsync(id, Replace, precondition, cancellationToken);
        }
        finally
        {
            // A change that failed may have been committed: ask which file is in use. If the database does not answer,
            // both files stay, because an unused file is better than a missing one.
            var used = result.Product is null
                ? (await FindInDatabaseAsync(id, CancellationToken.None))?.ImageFile
                : file;
            foreach (var unused in new[] { previous, file }.Where(name => name != used))
            {
                files.Delete(unused);
            }
        }
    }

    /// <summary>Deletes a product and its image.</summary>
    public override async Task<ProductChange> DeleteAsync(
        long id, Func<Product, bool> precondition, CancellationToken cancellationToken)
    {
        var result = await base.DeleteAsync(id, precondition, cancellationToken);
        files.Delete(result.Product?.ImageFile);
        return result;
    }
}
