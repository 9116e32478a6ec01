using Acme.Shop.Core.Caching;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Support;

/// <summary>A cache of notes, as one instance of the application has it.</summary>
internal sealed class TestCache : IAsyncDisposable
{
    private readonly RedisConnection _redis;
    private readonly RedisCacheLease _lease;

    /// <param name="leaseSeconds">Long, so that no busy machine closes the cache in the middle of a test.</param>
    public TestCache(int ttlSeconds, string? connectionString = null, int leaseSeconds = TestRedis.LeaseSeconds)
    {
        var options = new RedisOptions { Redis = connectionString ?? TestRedis.NewConnectionString() };
        _redis = new(Options.Create(options), NullLogger<RedisConnection>.Instance);
        _lease = new(_redis, Options.Create(new CacheLeaseOptions { LeaseSeconds = leaseSeconds }));
        var lifetime = new CacheLifetime(Options.Create(new CacheOptions { TtlSeconds = ttlSeconds }));
        Notes = new RedisReadCache<Note>(_redis, _lease, lifetime, NoteJson.Default.Note);
    }

    public IReadCache<Note> Notes { get; }

    public Task InitializeAsync() => _lease.StartAsync(CancellationToken.None);

    /// <summary>Makes the end of what is kept unreadable.</summary>
    public Task SpoilAsync(string name) =>
        _redis.TryAsync(_redis.Key(name), static (database, key) => database.StringAppendAsync(key, "?"));

    /// <summary>Ends like a process that is killed: without giving the lease back.</summary>
    public void Kill()
    {
        _lease.Dispose();
        _redis.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _lease.StopAsync(CancellationToken.None);
        Kill();
    }
}
