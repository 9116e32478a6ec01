using Acme.Shop.Core.Caching;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Tests.Support;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Unit;

public sealed class MemoryReadCacheTests
{
    private const int MoreThanFit = 10_100;

    [Fact]
    public async Task What_does_not_exist_takes_no_place()
    {
        using var cache = new MemoryReadCache<Note>(new CacheLifetime(Options.Create(new CacheOptions { TtlSeconds = 3600 })));
        for (var id = 1; id <= MoreThanFit; id++)
        {
            await cache.GetAsync(KeyOf(id), () => Task.FromResult<Note?>(null), CancellationToken.None);
        }

        await cache.GetAsync(KeyOf(0), () => Task.FromResult<Note?>(new Note("kept")), CancellationToken.None);
        var note = await cache.GetAsync(KeyOf(0), () => Task.FromResult<Note?>(new Note("loaded again")), CancellationToken.None);

        Assert.Equal("kept", note!.Text);
    }

    private static CacheKey<Note> KeyOf(long id) => new("note", version: 1, id);
}
