using System.Diagnostics.Metrics;
using Acme.Shop.Core;
using Acme.Shop.Core.Data;
using Acme.Shop.Models;
using Microsoft.Extensions.Caching.Hybrid;

namespace Acme.Shop.Repositories;

/// <summary>
/// Caches single products (cache-aside). Lists always come from the database, because any change may affect any page.
/// </summary>
public sealed class CachedProductRepository(AppDbContext db, HybridCache cache, IServiceScopeFactory scopes)
    : ProductRepository(db)
{
    private static readonly Counter<long> Requests = Telemetry.Meter.CreateCounter<long>(
        "cache.requests", "{request}", "Reads that asked the cache.");

    private static readonly Counter<long> Misses = Telemetry.Meter.CreateCounter<long>(
        "cache.misses", "{request}", "Reads of the cache that loaded from the database.");

    public override async Task<Product?> FindAsync(long id, CancellationToken cancellationToken)
    {
        Requests.Add(1);
        return await cache.GetOrCreateAsync(KeyOf(id), id, LoadAsync, tags: [KeyOf(id)], cancellationToken: cancellationToken);
    }

@@ sample=basic|none
    public override async Task AddAsync(Product product, CancellationToken cancellationToken)
    {
        // A miss for this id may be cached.
        await base.AddAsync(product, cancellationToken);
        await InvalidateAsync(product.Id);
    }
@@ sample=full|none
    public override Task RefreshAsync(long id) => InvalidateAsync(id);
@@ always

    public override async Task<bool> TrySaveAsync(Product product, CancellationToken cancellationToken)
    {
        try
        {
            return await base.TrySaveAsync(product, cancellationToken);
        }
        finally
        {
            // After a failure too: the database may have committed the change before the connection was lost.
            await InvalidateAsync(product.Id);
        }
    }

    // Raise the version when the shape of a product changes: old and new instances run side by side in a release.
    private static string KeyOf(long id) => $"product:v1:{id}";

    private async Task InvalidateAsync(long id)
    {
        // Remove by tag first, which also discards a load that is in flight. Removing the entry as well keeps an old
        // value from being served if the next load fails, or after the tag was evicted.
        await cache.RemoveByTagAsync(KeyOf(id), CancellationToken.None);
        await cache.RemoveAsync(KeyOf(id), CancellationToken.None);
    }

    // Requests share a load, which may outlive the request that started it and so needs its own scope.
    private async ValueTask<Product?> LoadAsync(long id, CancellationToken cancellationToken)
    {
        Misses.Add(1);
        await using var scope = scopes.CreateAsyncScope();
        var database = new ProductRepository(scope.ServiceProvider.GetRequiredService<AppDbContext>());
        return await database.FindAsync(id, cancellationToken);
    }
}
