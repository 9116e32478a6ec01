using Acme.Shop.Core;
@@ sample=full|none
using Acme.Shop.Core.Files;
@@ always
using Acme.Shop.Core.Http;
@@ sample=full|none
using Acme.Shop.Events;
@@ always
using Acme.Shop.Models;
using Acme.Shop.Repositories;

namespace Acme.Shop.Services;

/// <summary>The outcome of a change, with the current product if the change was made.</summary>
public readonly record struct ProductChange(ChangeStatus Status, Product? Product = null);
@@ sample=full|none

/// <summary>The image of an existing product.</summary>
/// <param name="File">The name of its file; null if the product has no image.</param>
public sealed record ProductImage(string? File);
@@ always

/// <summary>The rules of the product resource. Optimistic concurrency prevents lost updates.</summary>
@@ sample=full|none
public sealed class ProductService(
    ProductRepository products, ImageFiles images, IEventPublisher events, TimeProvider time)
@@ sample=basic|none
public sealed class ProductService(ProductRepository products, TimeProvider time)
@@ always
{
    private const int MaxAttempts = 5;

    public Task<Product?> FindAsync(long id, CancellationToken cancellationToken) =>
        products.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<Product>> ListAsync(
        ProductFilter filter, int skip, int take, CancellationToken cancellationToken) =>
        products.ListAsync(filter, skip, take, cancellationToken);

    /// <summary>Lists the products whose id is greater than <paramref name="afterId"/>.</summary>
    public Task<IReadOnlyList<Product>> ListAfterAsync(
        ProductFilter filter, long afterId, int take, CancellationToken cancellationToken) =>
        products.ListAfterAsync(filter, afterId, take, cancellationToken);
@@ sample=full|none

    /// <summary>Reads all products in constant memory. Those added or deleted meanwhile may be missing.</summary>
    public IAsyncEnumerable<Product> StreamAsync(CancellationToken cancellationToken) =>
        products.StreamAsync(cancellationToken);
@@ always

    /// <summary>Stores a new product and sets its id and times.</summary>
    public async Task<Product> CreateAsync(Product product, CancellationToken cancellationToken)
    {
        product.CreatedAt = product.UpdatedAt = time.GetTimestampForStorage();
        await products.AddAsync(product, cancellationToken);
@@ sample=full|none
        await PublishAsync(ProductChangeKind.Created, product);
@@ always
        return product;
    }

    /// <param name="change">Sets the new fields. It runs again after a concurrent change.</param>
    public Task<ProductChange> UpdateAsync(
        long id, Action<Product> change, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
@@ sample=full|none
            ProductChangeKind.Updated,
@@ always
            product =>
            {
                change(product);
@@ sample=full|none
                Touch(product);
@@ sample=basic|none
                product.UpdatedAt = time.GetTimestampForStorage();
                product.Version++;
@@ always
            },
            precondition,
            cancellationToken);

@@ sample=full|none
    /// <summary>Deletes a product and its image.</summary>
@@ always
    public Task<ProductChange> DeleteAsync(long id, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
@@ sample=full|none
        ChangeAsync(
            id,
            ProductChangeKind.Deleted,
            product =>
            {
                products.Remove(product);
                product.ImageFile = null;
                Touch(product);
            },
            precondition,
            cancellationToken);

    /// <summary>Returns the current image of a product.</summary>
    /// <returns>Null if the product does not exist.</returns>
    public async Task<ProductImage?> FindImageAsync(long id, CancellationToken cancellationToken) =>
        await products.FindInDatabaseAsync(id, cancellationToken) is { } product ? new ProductImage(product.ImageFile) : null;

    /// <summary>Replaces or removes the image of a product, and deletes the previous file.</summary>
    /// <param name="file">The name of a stored file.</param>
    public Task<ProductChange> SetImageAsync(
        long id, string? file, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            ProductChangeKind.Updated,
            product =>
            {
                product.ImageFile = file;
                Touch(product);
            },
            precondition,
            cancellationToken);

    private void Touch(Product product)
    {
        product.UpdatedAt = time.GetTimestampForStorage();
        product.Version++;
    }
@@ sample=basic|none
        ChangeAsync(id, products.Remove, precondition, cancellationToken);
@@ always

    private async Task<ProductChange> ChangeAsync(
@@ sample=full|none
        long id,
        ProductChangeKind kind,
        Action<Product> change,
        Func<Product, bool> precondition,
        CancellationToken cancellationToken)
@@ sample=basic|none
        long id, Action<Product> change, Func<Product, bool> precondition, CancellationToken cancellationToken)
@@ always
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

@@ sample=full|none
            var image = product.ImageFile;
@@ always
            change(product);
            if (await products.TrySaveAsync(product, cancellationToken))
            {
@@ sample=full|none
                if (image is not null && image != product.ImageFile)
                {
                    images.Delete(image);
                }

                await PublishAsync(kind, product);
@@ always
                return new(ChangeStatus.Done, product);
            }

            // A concurrent change came first: retry with the current product.
        }

        return new(ChangeStatus.Conflict);
    }
@@ sample=full|none

    // The change is committed, so a disconnect must not prevent the event.
    private ValueTask PublishAsync(ProductChangeKind kind, Product product) =>
        events.PublishAsync(new ProductChanged(kind, product), CancellationToken.None);
@@ always
}
