using Microsoft.Extensions.Caching.Memory;

namespace Acme.Shop.Core.Caching;

/// <summary>
/// Keeps values in the memory of this process. With several instances each has its own, and the others go on showing
/// what they keep until its lifetime ends.
/// </summary>
public sealed class MemoryReadCache<T>(CacheLifetime lifetime) : IReadCache<T>, IDisposable
    where T : class
{
    private const int MaxEntries = 10_000;

    private readonly MemoryCache _slots = new(new MemoryCacheOptions { SizeLimit = MaxEntries });
    private readonly SingleFlight<T?> _flights = new();

    public async ValueTask<T?> GetAsync(CacheKey<T> key, Func<Task<T?>> load, CancellationToken cancellationToken) =>
        Find(key) ?? await _flights.RunAsync(key.Name, () => LoadAsync(key, load)).WaitAsync(cancellationToken);

    public Task RemoveAsync(CacheKey<T> key)
    {
        _slots.Remove(key.Name);
        return Task.CompletedTask;
    }

    public void Dispose() => _slots.Dispose();

    private T? Find(CacheKey<T> key) => _slots.TryGetValue(key.Name, out Slot? slot) ? slot?.Value : null;

    private async Task<T?> LoadAsync(CacheKey<T> key, Func<Task<T?>> load)
    {
        if (Find(key) is { } found)
        {
            return found;
        }

        // The slot is there before the load begins: a removal meanwhile takes it away, and what comes into it is lost.
        var slot = new Slot();
        _slots.Set(key.Name, slot, new MemoryCacheEntryOptions
        {
            Size = 1,
            AbsoluteExpirationRelativeToNow = lifetime.Next(),
        });
        try
        {
            return slot.Value = await load();
        }
        finally
        {
            // Ids that nobody has must not take the place of products.
            if (slot.Value is null)
            {
                _slots.Remove(key.Name);
            }
        }
    }

    private sealed class Slot
    {
        private volatile T? _value;

        public T? Value
        {
            get => _value;
            set => _value = value;
        }
    }
}
