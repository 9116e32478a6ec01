using Acme.Shop.Core;
using Acme.Shop.Models;
using Acme.Shop.Repositories;

namespace Acme.Shop.Services;

/// <inheritdoc cref="IProductService"/>
public sealed class ProductService(IProductRepository products, TimeProvider time) : IProductService
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
        long id, ProductPatch patch, VersionCondition condition, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            product =>
            {
                patch.ApplyTo(product);
                product.UpdatedAt = time.GetTimestampForStorage();
                product.Version++;
            },
            condition,
            cancellationToken);

    public Task<ProductChange> DeleteAsync(long id, VersionCondition condition, CancellationToken cancellationToken) =>
        ChangeAsync(id, products.Remove, condition, cancellationToken);

    private async Task<ProductChange> ChangeAsync(
        long id, Action<Product> change, VersionCondition condition, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var product = await products.FindForChangeAsync(id, cancellationToken);
            if (product is null)
            {
                return new(ChangeStatus.NotFound);
            }

            if (!condition.IsMetBy(product.Version))
            {
                return new(ChangeStatus.VersionMismatch);
            }

            change(product);
            if (await products.TrySaveAsync(cancellationToken))
            {
                return new(ChangeStatus.Done, product);
            }

            // Somebody else was faster: start again from what the product is now.
        }

        return new(ChangeStatus.Conflict);
    }
}
