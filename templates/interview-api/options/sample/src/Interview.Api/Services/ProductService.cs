using InterviewApi.Core;
using InterviewApi.Core.Files;
using InterviewApi.Models;
using InterviewApi.Repositories;

namespace InterviewApi.Services;

/// <inheritdoc cref="IProductService"/>
public sealed class ProductService(
    IProductRepository products, ImageFiles images, TimeProvider time) : IProductService
{
    private const int MaxAttempts = 5;

    public Task<Product?> FindAsync(long id, CancellationToken cancellationToken) =>
        products.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<Product>> ListAsync(
        ProductFilter filter, int skip, int take, CancellationToken cancellationToken) =>
        products.ListAsync(filter, skip, take, cancellationToken);

    public Task<IReadOnlyList<Product>> ListAfterAsync(
        ProductFilter filter, long afterId, int take, CancellationToken cancellationToken) =>
        products.ListAfterAsync(filter, afterId, take, cancellationToken);

    public IAsyncEnumerable<Product> StreamAsync(CancellationToken cancellationToken) =>
        products.StreamAsync(cancellationToken);

    public async Task<Product> CreateAsync(ProductFields fields, CancellationToken cancellationToken)
    {
        var now = time.GetTimestampForStorage();
        var product = new Product
        {
            Name = fields.Name,
            Description = fields.Description,
            Price = fields.Price,
            Category = fields.Category,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await products.AddAsync(product, cancellationToken);
        return product;
    }

    public Task<ProductChange> UpdateAsync(
        long id, ProductPatch patch, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            product =>
            {
                patch.ApplyTo(product);
                Touch(product);
                return product.ImageFile;
            },
            precondition,
            cancellationToken);

    public Task<ProductChange> DeleteAsync(long id, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            product =>
            {
                products.Remove(product);
                return null;
            },
            precondition,
            cancellationToken);

    public async Task<ProductImage?> FindImageAsync(long id, CancellationToken cancellationToken) =>
        await products.FindAsync(id, cancellationToken) is { } product ? new ProductImage(product.ImageFile) : null;

    public Task<ProductChange> SetImageAsync(
        long id, string? file, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            product =>
            {
                product.ImageFile = file;
                Touch(product);
                return file;
            },
            precondition,
            cancellationToken);

    private void Touch(Product product)
    {
        product.UpdatedAt = time.GetTimestampForStorage();
        product.Version++;
    }

    /// <param name="change">Makes the change, and returns the file of the image that is still needed after it.</param>
    private async Task<ProductChange> ChangeAsync(
        long id, Func<Product, string?> change, Func<Product, bool> precondition, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var product = await products.FindForChangeAsync(id, cancellationToken);
            if (product is null)
            {
                return new(ChangeStatus.NotFound);
            }

            if (!precondition(product))
            {
                return new(ChangeStatus.PreconditionFailed);
            }

            var image = product.ImageFile;
            var imageAfter = change(product);
            if (await products.TrySaveAsync(cancellationToken))
            {
                DeleteUnused(image, imageAfter);
                return new(ChangeStatus.Done, product);
            }

            // Somebody else was faster: start again from what the product is now.
        }

        return new(ChangeStatus.Conflict);
    }

    private void DeleteUnused(string? before, string? now)
    {
        if (before is not null && before != now)
        {
            images.Delete(before);
        }
    }
}
