using InterviewApi.Core.Caching;
using InterviewApi.Tests.Support;

namespace InterviewApi.Tests.Integration;

public sealed class ReadCacheTests : IAsyncLifetime
{
    private static readonly CacheKey<Note> Key = new("note", version: 1, id: 1);

    private readonly TestCache _caches = new(ttlSeconds: 3600);
    private int _loads;
    private string _stored = "old";

    private IReadCache<Note> Cache => _caches.Notes;

    public async ValueTask InitializeAsync() => await _caches.InitializeAsync();

    public ValueTask DisposeAsync() => _caches.DisposeAsync();

    [Fact]
    public async Task A_value_is_loaded_once_while_it_lives()
    {
        await ReadAsync();
        await ReadAsync();

        Assert.Equal(1, _loads);
    }

    [Fact]
    public async Task A_value_is_loaded_again_when_its_lifetime_has_ended()
    {
        await using var caches = new TestCache(ttlSeconds: 1);
        await caches.InitializeAsync();
        await caches.Notes.GetAsync(Key, LoadAsync, CancellationToken.None);

        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (_loads == 1)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), timeout.Token);
            await caches.Notes.GetAsync(Key, LoadAsync, timeout.Token);
        }
    }

    [Fact]
    public async Task Concurrent_reads_of_a_cold_key_load_it_once()
    {
        var values = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => ReadAsync()));

        Assert.All(values, value => Assert.Equal("old", value));
        Assert.Equal(1, _loads);
    }

    [Fact]
    public async Task A_removed_value_is_loaded_again()
    {
        await ReadAsync();
        _stored = "new";
        await Cache.RemoveAsync(Key);

        Assert.Equal("new", await ReadAsync());
    }

    [Fact]
    public async Task A_load_that_a_change_overtook_is_not_kept()
    {
        var hasRead = new TaskCompletionSource();
        var mayReturn = new TaskCompletionSource();
        var slow = Cache.GetAsync(Key, SlowAsync, CancellationToken.None).AsTask();
        await hasRead.Task;

        _stored = "new";
        await Cache.RemoveAsync(Key);
        var after = ReadAsync();
        mayReturn.SetResult();

        Assert.Equal("old", (await slow)!.Text);
        Assert.Equal("new", await after);
        Assert.Equal("new", await ReadAsync());

        async Task<Note?> SlowAsync()
        {
            var note = new Note(_stored);
            hasRead.SetResult();
            await mayReturn.Task;
            return note;
        }
    }

    [Fact]
    public async Task A_reader_that_leaves_does_not_disturb_the_others()
    {
        using var leaving = new CancellationTokenSource();
        var mayReturn = new TaskCompletionSource();
        var first = Cache.GetAsync(Key, SlowAsync, leaving.Token).AsTask();
        var second = Cache.GetAsync(Key, SlowAsync, CancellationToken.None).AsTask();

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        mayReturn.SetResult();

        Assert.Equal("old", (await second)!.Text);

        async Task<Note?> SlowAsync()
        {
            await mayReturn.Task;
            return new Note(_stored);
        }
    }

    private async Task<string?> ReadAsync() => (await Cache.GetAsync(Key, LoadAsync, CancellationToken.None))?.Text;

    private async Task<Note?> LoadAsync()
    {
        Interlocked.Increment(ref _loads);
        var note = new Note(_stored);
        await Task.Delay(20);
        return note;
    }
}
