using System.Diagnostics.Metrics;
using InterviewApi.Core;
using InterviewApi.Models;
using Microsoft.Extensions.Caching.Hybrid;

namespace InterviewApi.Repositories;

/// <summary>Caches single products and the first page of lists (cache-aside).</summary>
// A change invalidates them after its commit, and loads the product again, so that the next read is a hit (write-through).
public sealed class CachedProductRepository(
    AppDbContext db, HybridCache cache, LocalChanges changes, IServiceScopeFactory scopes) : ProductRepository(db)
{
    // The largest page, plus the product that shows whether there is a next page.
    private const int FirstPageSize = Paging.MaxLimit + 1;

    // The tag of every entry that any change may affect.
    private const string ListTag = "products";

    private static readonly Counter<long> Requests = Telemetry.Meter.CreateCounter<long>(
        "cache.requests", "{request}", "Reads that asked the cache.");

    private static readonly Counter<long> Misses = Telemetry.Meter.CreateCounter<long>(
        "cache.misses", "{request}", "Reads of the cache that loaded from the database.");

    public override Task<Product?> FindAsync(long id, CancellationToken cancellationToken) =>
        ReadAsync(KeyOf(id), KeyOf(id), changes.TimeOf(id), (products, token) => products.FindAsync(id, token), cancellationToken);

    public override async Task<IReadOnlyList<Product>> ListAsync(ProductQuery query, CancellationToken cancellationToken)
    {
        // Other pages and searches are too many: most would evict an entry that is in use, and never be read again.
        if (query is not { Text: null or "", Skip: 0, AfterId: 0, Take: <= FirstPageSize })
        {
            return await base.ListAsync(query, cancellationToken);
        }

        // One entry for all limits.
        var page = await ReadAsync(
            string.IsNullOrEmpty(query.Category) ? "products:v2" : $"products:v2:{query.Category}",
            ListTag,
            changes.LastTime,
            (products, token) => products.ListAsync(query with { Take = FirstPageSize }, token),
            cancellationToken);
        return page.Count > query.Take ? [.. page.Take(query.Take)] : page;
    }
#if (UseFullSample)

    public override Task<IReadOnlyList<string>> ListCategoriesAsync(CancellationToken cancellationToken) => ReadAsync(
        "categories:v2", ListTag, changes.LastTime, (products, token) => products.ListCategoriesAsync(token), cancellationToken);

    public override async Task RefreshAsync(long id)
    {
        await InvalidateAsync(id);
        await ReloadAsync(id);
    }
#endif
#if (!UseFullSample)

    public override async Task AddAsync(Product product, CancellationToken cancellationToken)
    {
        // A miss for this id may be cached.
        await base.AddAsync(product, cancellationToken);
        await InvalidateAsync(product.Id);
        await ReloadAsync(product.Id);
    }
#endif

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
    private static string KeyOf(long id) => $"product:v2:{id}";

    private async Task<T> ReadAsync<T>(
        string key,
        string tag,
        long changedAt,
        Func<ProductRepository, CancellationToken, Task<T>> query,
        CancellationToken cancellationToken)
    {
        Requests.Add(1);
        var cached = await cache.GetOrCreateAsync(
            key, token => LoadAsync(query, Misses, token), tags: [tag], cancellationToken: cancellationToken);
        if (cached.LoadedAt > changedAt)
        {
            return cached.Value;
        }

        await cache.RemoveAsync(key, cancellationToken);
        return (await LoadAsync(query, Misses, cancellationToken)).Value;
    }

    private async Task InvalidateAsync(long id)
    {
        // Remove by tag first, which also discards a load that is in flight. Removing the entry as well keeps an old
        // value from being served if the next load fails, or after the tag was evicted. The tag of the lists is read
        // with each of them, so it is evicted last.
        changes.Record(id);
        await cache.RemoveByTagAsync([KeyOf(id), ListTag], CancellationToken.None);
        await cache.RemoveAsync(KeyOf(id), CancellationToken.None);
    }

    // Loads what the database holds instead of the product that was saved: of two changes that overlap, the first to
    // commit may get here last.
    private async Task ReloadAsync(long id)
    {
        try
        {
            await cache.GetOrCreateAsync(
                KeyOf(id),
                token => LoadAsync((products, loading) => products.FindAsync(id, loading), misses: null, token),
                tags: [KeyOf(id)]);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            // The change is committed, so the request has succeeded. The next read loads the product.
        }
    }

    // Requests share a load, which may outlive the request that started it and so needs its own scope.
    private async ValueTask<Cached<T>> LoadAsync<T>(
        Func<ProductRepository, CancellationToken, Task<T>> query, Counter<long>? misses, CancellationToken cancellationToken)
    {
        misses?.Add(1);
        var loadedAt = LocalChanges.Now;
        await using var scope = scopes.CreateAsyncScope();
        var products = new ProductRepository(scope.ServiceProvider.GetRequiredService<AppDbContext>());
        return new(await query(products, cancellationToken), loadedAt);
    }
}

/// <summary>A value and when its load began, in ticks.</summary>
public sealed record Cached<T>(T Value, long LoadedAt);

/// <summary>
/// When this instance changed products. Values loaded before are not served, even if the cache has lost the invalidation:
/// one that coincides with the first read of its tag may be overwritten.
/// </summary>
public sealed class LocalChanges
{
    // Some products share a time, which costs a load and saves an entry for each product.
    private readonly long[] _times = new long[1024];
    private long _lastTime;

    public static long Now => TimeProvider.System.GetUtcNow().Ticks;

    public long LastTime => Volatile.Read(ref _lastTime);

    public long TimeOf(long id) => Volatile.Read(ref _times[id & (_times.Length - 1)]);

    public void Record(long id)
    {
        lock (_times)
        {
            Volatile.Write(ref _lastTime, Now);
            Volatile.Write(ref _times[id & (_times.Length - 1)], _lastTime);
        }
    }
}
