using InterviewApi.Core.Caching;
using InterviewApi.Models;

namespace InterviewApi.Services;

/// <summary>
/// Keeps single products. Lists are always read from the database: any change may make any page of them stale.
/// </summary>
public sealed class CachedProductService(
    ProductService products, IReadCache<Product> cache, IServiceScopeFactory scopes) : IProductService
{
    public async Task<Product?> FindAsync(long id, CancellationToken cancellationToken) =>
        await cache.GetAsync(KeyOf(id), () => LoadAsync(id), cancellationToken);

    public Task<IReadOnlyList<Product>> ListAsync(
        ProductFilter filter, int skip, int take, CancellationToken cancellationToken) =>
        products.ListAsync(filter, skip, take, cancellationToken);

    public Task<IReadOnlyList<Product>> ListAfterAsync(
        ProductFilter filter, long afterId, int take, CancellationToken cancellationToken) =>
        products.ListAfterAsync(filter, afterId, take, cancellationToken);

    public IAsyncEnumerable<Product> StreamAsync(CancellationToken cancellationToken) =>
        products.StreamAsync(cancellationToken);

    public Task<Product> CreateAsync(ProductFields fields, CancellationToken cancellationToken) =>
        products.CreateAsync(fields, cancellationToken);

    public Task<ProductChange> UpdateAsync(
        long id, ProductPatch patch, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        ThenForgetAsync(id, products.UpdateAsync(id, patch, precondition, cancellationToken));

    public Task<ProductChange> DeleteAsync(long id, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        ThenForgetAsync(id, products.DeleteAsync(id, precondition, cancellationToken));

    public Task<ProductImage?> FindImageAsync(long id, CancellationToken cancellationToken) =>
        products.FindImageAsync(id, cancellationToken);

    public Task<ProductChange> SetImageAsync(
        long id, string? file, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        ThenForgetAsync(id, products.SetImageAsync(id, file, precondition, cancellationToken));

    private static CacheKey<Product> KeyOf(long id) => new("product", version: 1, id);

    // Others may wait for this load longer than the request that began it lives, so it has a scope of its own.
    private async Task<Product?> LoadAsync(long id)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ProductService>().FindAsync(id, CancellationToken.None);
    }

    private async Task<ProductChange> ThenForgetAsync(long id, Task<ProductChange> change)
    {
        try
        {
            return await change;
        }
        finally
        {
            // Also after a failure: the database may have committed the change and the answer may have been lost.
            await cache.RemoveAsync(KeyOf(id));
        }
    }
}
