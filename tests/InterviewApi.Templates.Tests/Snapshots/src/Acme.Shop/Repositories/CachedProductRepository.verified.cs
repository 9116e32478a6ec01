using System.Diagnostics.Metrics;
using Acme.Shop.Core;
using Acme.Shop.Models;
using Microsoft.Extensions.Caching.Hybrid;

namespace Acme.Shop.Repositories;

/// <summary>
/// Caches single products and the first page of lists (cache-aside). A change invalidates them after its commit, and
/// loads the product again, so that the next read is a hit (write-through).
/// </summary>
public sealed class CachedProductRepository(AppDbContext db, HybridCache cache, IServiceScopeFactory scopes)
    : ProductRepository(db)
{
    // The largest page, and the product that shows whether there is a next one.
    private const int FirstPageSize = Paging.MaxLimit + 1;

    // Of everything that any change may affect.
    private const string ListTag = "products";

    private static readonly Counter<long> Requests = Telemetry.Meter.CreateCounter<long>(
        "cache.requests", "{request}", "Reads that asked the cache.");

    private static readonly Counter<long> Misses = Telemetry.Meter.CreateCounter<long>(
        "cache.misses", "{request}", "Reads of the cache that loaded from the database.");

    public override async Task<Product?> FindAsync(long id, CancellationToken cancellationToken)
    {
        Requests.Add(1);
        return await cache.GetOrCreateAsync(KeyOf(id), id, LoadAsync, tags: [KeyOf(id)], cancellationToken: cancellationToken);
    }

    public override async Task<IReadOnlyList<Product>> ListAsync(ProductQuery query, CancellationToken cancellationToken)
    {
        // Other pages and searches are too many: most would evict an entry that is used, and never be read again.
        if (query is not { Text: null, Skip: 0, AfterId: 0, Take: <= FirstPageSize })
        {
            return await base.ListAsync(query, cancellationToken);
        }

        // One entry for all limits.
        Requests.Add(1);
        var page = await cache.GetOrCreateAsync(
            query.Category is null ? "products:v1" : $"products:v1:{query.Category}",
            token => LoadAsync(products => products.ListAsync(query with { Take = FirstPageSize }, token)),
            tags: [ListTag],
            cancellationToken: cancellationToken);
        return page.Count > query.Take ? [.. page.Take(query.Take)] : page;
    }

@@ sample=full|none
    public override async Task<IReadOnlyList<string>> ListCategoriesAsync(CancellationToken cancellationToken)
    {
        Requests.Add(1);
        return await cache.GetOrCreateAsync(
            "categories:v1",
            token => LoadAsync(products => products.ListCategoriesAsync(token)),
            tags: [ListTag],
            cancellationToken: cancellationToken);
    }

    public override async Task RefreshAsync(long id)
@@ sample=basic|none
    public override async Task AddAsync(Product product, CancellationToken cancellationToken)
@@ always
    {
@@ sample=full|none
        await InvalidateAsync(id);
        await ReloadAsync(id);
@@ sample=basic|none
        // A miss for this id may be cached.
        await base.AddAsync(product, cancellationToken);
        await InvalidateAsync(product.Id);
        await ReloadAsync(product.Id);
@@ always
    }

    public override async Task<bool> TrySaveAsync(Product product, CancellationToken cancellationToken)
    {
        bool isSaved;
        try
        {
            isSaved = await base.TrySaveAsync(product, cancellationToken);
        }
        finally
        {
            // After a failure too: the database may have committed the change before the connection was lost.
            await InvalidateAsync(product.Id);
        }

        if (isSaved)
        {
            await ReloadAsync(product.Id);
        }

        return isSaved;
    }

    // Raise the version when the shape of a product changes: old and new instances run side by side in a release.
    private static string KeyOf(long id) => $"product:v1:{id}";

    private async Task InvalidateAsync(long id)
    {
        // Remove by tag first, which also discards a load that is in flight. Removing the entry as well keeps an old
        // value from being served if the next load fails, or after the tag was evicted. The tag of the lists is read
        // with each of them, so it is evicted last.
        await cache.RemoveByTagAsync([KeyOf(id), ListTag], CancellationToken.None);
        await cache.RemoveAsync(KeyOf(id), CancellationToken.None);
    }

    // What the database holds, and not the product that was saved: of two changes that overlap, the first to commit
    // may be the last to get here.
    private async Task ReloadAsync(long id)
    {
        try
        {
            await cache.GetOrCreateAsync(
                KeyOf(id), token => QueryAsync(products => products.FindAsync(id, token)), tags: [KeyOf(id)]);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            // The change is committed, so the request has succeeded. The next read loads the product.
        }
    }

    private ValueTask<Product?> LoadAsync(long id, CancellationToken cancellationToken) =>
        LoadAsync(products => products.FindAsync(id, cancellationToken));

    private ValueTask<T> LoadAsync<T>(Func<ProductRepository, Task<T>> query)
    {
        Misses.Add(1);
        return QueryAsync(query);
    }

    // Requests share a load, which may outlive the request that started it and so needs its own scope.
    private async ValueTask<T> QueryAsync<T>(Func<ProductRepository, Task<T>> query)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await query(new ProductRepository(scope.ServiceProvider.GetRequiredService<AppDbContext>()));
    }
}
