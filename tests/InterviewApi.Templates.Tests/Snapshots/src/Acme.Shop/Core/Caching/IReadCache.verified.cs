namespace Acme.Shop.Core.Caching;

/// <summary>
/// Keeps what was read until its lifetime ends or it is removed. A read that begins after a removal has returned never
/// gets what was loaded before the removal. Values are shared: nobody may change them.
/// </summary>
public interface IReadCache<T>
    where T : class
{
    /// <summary>Gets a value, loading it if it is not kept. That there is none is not kept.</summary>
    /// <param name="load">Runs once for all who wait for the same key, so it must not use what belongs to one request.</param>
    ValueTask<T?> GetAsync(CacheKey<T> key, Func<Task<T?>> load, CancellationToken cancellationToken);

    /// <summary>Forgets a value. To be called after a change is committed, and before anybody is told of it.</summary>
    Task RemoveAsync(CacheKey<T> key);
}
