using Acme.Shop.Models;
using Acme.Shop.Repositories;

namespace Acme.Shop.Services;

/// <summary>The outcome of a change, with the product if the change was made.</summary>
public readonly record struct ProductChange(ChangeStatus Status, Product? Product = null);

/// <summary>The rules of the product resource. Optimistic concurrency prevents lost updates.</summary>
public class ProductService(ProductRepository products, TimeProvider time)
{
    private const int MaxAttempts = 20;

    // Each attempt waits for up to this much longer than the one before it, so that concurrent changes spread out.
    private const int MaxPauseMilliseconds = 10;

    public Task<Product?> FindAsync(long id, CancellationToken cancellationToken) =>
        products.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<Product>> ListAsync(ProductQuery query, CancellationToken cancellationToken) =>
        products.ListAsync(query, cancellationToken);
@@ sample=full|none

    public Task<Product?> FindInDatabaseAsync(long id, CancellationToken cancellationToken) =>
        products.FindInDatabaseAsync(id, cancellationToken);

    public Task<IReadOnlyList<string>> ListCategoriesAsync(CancellationToken cancellationToken) =>
        products.ListCategoriesAsync(cancellationToken);

    public IAsyncEnumerable<Product> StreamAsync(CancellationToken cancellationToken) =>
        products.StreamAsync(cancellationToken);
@@ always

    /// <summary>Stores a new product and sets its id and times.</summary>
    public virtual async Task<Product> CreateAsync(Product product, CancellationToken cancellationToken)
    {
        product.CreatedAt = product.UpdatedAt = time.GetUtcNow();
        await products.AddAsync(product, cancellationToken);
        return product;
    }

    /// <param name="change">Sets the new fields. It runs again after a concurrent change.</param>
    public virtual Task<ProductChange> UpdateAsync(
        long id, Action<Product> change, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        ChangeAsync(id, change, precondition, cancellationToken);

    public virtual Task<ProductChange> DeleteAsync(
        long id, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        ChangeAsync(id, products.Remove, precondition, cancellationToken);

    /// <param name="change">Changes the product, which has its new version already.</param>
    protected async Task<ProductChange> ChangeAsync(
        long id, Action<Product> change, Func<Product, bool> precondition, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (await products.FindForChangeAsync(id, cancellationToken) is not { } product)
            {
                return new(ChangeStatus.NotFound);
            }

            if (!precondition(product))
            {
                return new(ChangeStatus.PreconditionFailed);
            }

            product.UpdatedAt = time.GetUtcNow();
            product.Version++;
            change(product);
            if (await products.TrySaveAsync(product, cancellationToken))
            {
                return new(ChangeStatus.Done, product);
            }

            // A concurrent change came first: retry with the current product.
            await Task.Delay(Random.Shared.Next(attempt * MaxPauseMilliseconds), cancellationToken);
        }

        return new(ChangeStatus.Conflict);
    }
}
