using Acme.Shop.Core.Caching;
using Acme.Shop.Core.Configuration;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Support;

/// <summary>A cache of notes.</summary>
internal sealed class TestCache(int ttlSeconds) : IAsyncDisposable
{
    private readonly MemoryReadCache<Note> _notes =
        new(new CacheLifetime(Options.Create(new CacheOptions { TtlSeconds = ttlSeconds })));

    public IReadCache<Note> Notes => _notes;

    public Task InitializeAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _notes.Dispose();
        return ValueTask.CompletedTask;
    }
}
