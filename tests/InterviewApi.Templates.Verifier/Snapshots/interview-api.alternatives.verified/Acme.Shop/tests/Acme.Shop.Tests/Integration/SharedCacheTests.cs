using Acme.Shop.Core.Caching;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class SharedCacheTests
{
    private const int TtlSeconds = 120;
    private static readonly CacheKey<Note> Key = new("note", version: 1, id: 1);

    private readonly string _server = TestRedis.NewConnectionString();

    [Fact]
    public async Task A_value_that_one_instance_loaded_is_kept_for_all()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        await one.Notes.GetAsync(Key, () => Load("kept"), CancellationToken.None);

        var note = await other.Notes.GetAsync(Key, () => Load("loaded again"), CancellationToken.None);

        Assert.Equal("kept", note!.Text);
    }

    [Fact]
    public async Task A_removal_holds_for_all_instances_at_once()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        for (var i = 0; i < 50; i++)
        {
            await other.Notes.GetAsync(Key, () => Load("old"), CancellationToken.None);
            await one.Notes.RemoveAsync(Key);

            Assert.Equal("new", (await other.Notes.GetAsync(Key, () => Load("new"), CancellationToken.None))!.Text);
            await one.Notes.RemoveAsync(Key);
        }
    }

    [Fact]
    public async Task An_instance_that_is_gone_without_a_word_closes_the_cache()
    {
        await using var one = await StartAsync(leaseSeconds: 2);
        var lost = await StartAsync(leaseSeconds: 2);
        await one.Notes.GetAsync(Key, () => Load("old"), CancellationToken.None);

        lost.Kill();

        // Nobody knows whether it changed something that it could not remove any more.
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(TtlSeconds / 2));
        while ((await one.Notes.GetAsync(Key, () => Load("new"), timeout.Token))!.Text != "new")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), timeout.Token);
        }
    }

    [Fact]
    public async Task Without_Redis_values_are_loaded_each_time_and_removals_do_not_wait()
    {
        await using var cache = new TestCache(TtlSeconds, TestRedis.Nowhere);
        await cache.InitializeAsync();
        await cache.Notes.GetAsync(Key, () => Load("old"), CancellationToken.None);

        Assert.True(cache.Notes.RemoveAsync(Key).IsCompletedSuccessfully);

        Assert.Equal("new", (await cache.Notes.GetAsync(Key, () => Load("new"), CancellationToken.None))!.Text);
    }

    [Fact]
    public async Task A_value_that_cannot_be_read_is_loaded_again()
    {
        await using var cache = await StartAsync();
        await cache.Notes.GetAsync(Key, () => Load("old"), CancellationToken.None);
        await cache.SpoilAsync(Key.Name);

        Assert.Equal("new", (await cache.Notes.GetAsync(Key, () => Load("new"), CancellationToken.None))!.Text);
    }

    private static Task<Note?> Load(string text) => Task.FromResult<Note?>(new Note(text));

    private async Task<TestCache> StartAsync(int leaseSeconds = TestRedis.LeaseSeconds)
    {
        var cache = new TestCache(TtlSeconds, _server, leaseSeconds);
        await cache.InitializeAsync();
        return cache;
    }
}
