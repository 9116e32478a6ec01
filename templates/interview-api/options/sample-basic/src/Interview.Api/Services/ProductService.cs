using InterviewApi.Core;
using InterviewApi.Core.Http;
using InterviewApi.Models;
using InterviewApi.Repositories;

namespace InterviewApi.Services;

/// <summary>The outcome of a change, with the current product if the change was made.</summary>
public readonly record struct ProductChange(ChangeStatus Status, Product? Product = null);

/// <summary>The rules of the product resource. Optimistic concurrency prevents lost updates.</summary>
public sealed class ProductService(ProductRepository products, TimeProvider time)
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

    /// <summary>Stores a new product and sets its id and times.</summary>
    public async Task<Product> CreateAsync(Product product, CancellationToken cancellationToken)
    {
        product.CreatedAt = product.UpdatedAt = time.GetTimestampForStorage();
        await products.AddAsync(product, cancellationToken);
        return product;
    }

    /// <param name="change">Sets the new fields. It runs again after a concurrent change.</param>
    public Task<ProductChange> UpdateAsync(
        long id, Action<Product> change, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            product =>
            {
                change(product);
                product.UpdatedAt = time.GetTimestampForStorage();
                product.Version++;
            },
            precondition,
            cancellationToken);

    public Task<ProductChange> DeleteAsync(long id, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        ChangeAsync(id, products.Remove, precondition, cancellationToken);

    private async Task<ProductChange> ChangeAsync(
        long id, Action<Product> change, Func<Product, bool> precondition, CancellationToken cancellationToken)
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

            change(product);
            if (await products.TrySaveAsync(product, cancellationToken))
            {
                return new(ChangeStatus.Done, product);
            }

            // A concurrent change came first: retry with the current product.
        }

        return new(ChangeStatus.Conflict);
    }
}
