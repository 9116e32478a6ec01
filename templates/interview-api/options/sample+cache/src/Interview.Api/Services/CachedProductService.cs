using System.Globalization;
using InterviewApi.Core.Files;
using InterviewApi.Events;
using InterviewApi.Models;
using InterviewApi.Repositories;
using Microsoft.Extensions.Caching.Hybrid;

namespace InterviewApi.Services;

/// <summary>
/// Caches single products (cache-aside). Lists are always read from the database, because any change may affect any page.
/// </summary>
public sealed class CachedProductService(
    ProductRepository products,
    ImageFiles images,
    IEventPublisher events,
    TimeProvider time,
    HybridCache cache,
    IServiceScopeFactory scopes) : ProductService(products, images, events, time)
{
    public override async Task<Product?> FindAsync(long id, CancellationToken cancellationToken)
    {
        var key = KeyOf(id);
        return await cache.GetOrCreateAsync(key, id, LoadAsync, tags: [key], cancellationToken: cancellationToken);
    }

    protected override async Task InvalidateAsync(long id)
    {
        // By tag first: that also discards a load that is in flight. Removing the entry as well keeps an old value from
        // being served if the next load fails.
        var key = KeyOf(id);
        await cache.RemoveByTagAsync(key, CancellationToken.None);
        await cache.RemoveAsync(key, CancellationToken.None);
    }

    // Raise the version when the form of a product changes: old and new instances run side by side during a release.
    private static string KeyOf(long id) => string.Create(CultureInfo.InvariantCulture, $"product:v1:{id}");

    // Requests share a load, so it may outlive the request that started it and needs a scope of its own.
    private async ValueTask<Product?> LoadAsync(long id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ProductRepository>().FindAsync(id, cancellationToken);
    }
}
