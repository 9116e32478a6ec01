using Acme.Shop.Dependencies;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Integration;

public sealed class CacheTests : IAsyncLifetime
{
    private const string Key = "note:1";

    private readonly ApiFactory _api = new();
    private int _loads;
    private string _stored = "old";

    private HybridCache Cache => _api.Services.GetRequiredService<HybridCache>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_value_is_loaded_once_while_it_lives()
    {
        await ReadAsync();
        await ReadAsync();

        Assert.Equal(1, _loads);
    }

    [Fact]
    public async Task An_expired_value_is_loaded_again()
    {
        _api.With("Cache:TtlSeconds", "1");
        await ReadAsync();
        _stored = "new";

        await EventuallyReadsAsync("new");
    }

    [Fact]
    public async Task Concurrent_reads_of_a_cold_key_load_it_once()
    {
        var values = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => ReadAsync()));

        Assert.All(values, value => Assert.Equal("old", value));
        Assert.Equal(1, _loads);
    }

    [Fact]
    public async Task An_invalidated_value_is_loaded_again()
    {
        await ReadAsync();
        _stored = "new";
        await Cache.RemoveByTagAsync(Key);

        Assert.Equal("new", await ReadAsync());
    }

    [Fact]
    public async Task A_load_that_a_change_overtakes_is_not_cached()
    {
        var hasRead = new TaskCompletionSource();
        var mayReturn = new TaskCompletionSource();
        var slow = ReadAsync(async () =>
        {
            var read = _stored;
            hasRead.SetResult();
            await mayReturn.Task;
            return read;
        });
        await hasRead.Task;

        _stored = "new";
        await Cache.RemoveByTagAsync(Key);
        var after = ReadAsync();
        mayReturn.SetResult();

        Assert.Equal("old", await slow);
        Assert.Equal("new", await after);
        Assert.Equal("new", await ReadAsync());
    }

    [Fact]
    public async Task A_reader_that_disconnects_does_not_affect_the_others()
    {
        using var disconnecting = new CancellationTokenSource();
        var isLoading = new TaskCompletionSource();
        var first = Cache.GetOrCreateAsync(
            Key,
            async cancellationToken =>
            {
                isLoading.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return "never";
            },
            cancellationToken: disconnecting.Token).AsTask();
        await isLoading.Task;
        var second = ReadAsync();

        await disconnecting.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("old", await second);
    }

    [Fact]
    public async Task While_loads_fail_an_expired_value_is_served()
    {
        _api.With("Cache:TtlSeconds", "1");
        await ReadAsync();

        for (var failures = 0; failures < 2;)
        {
            Assert.Equal("old", await ReadAsync(() =>
            {
                failures++;
                throw new InvalidOperationException("The database is unavailable.");
            }));
            await Task.Delay(20);
        }
@@ cache=memory|none
    }

    [Fact]
    public async Task A_cache_that_is_full_evicts_tags_as_well()
    {
        for (var number = 0; number < 25_000; number++)
        {
            await Cache.RemoveByTagAsync($"other:{number}");
        }

        // The entry that finds the cache full is dropped while old ones are evicted in the background.
        for (var reads = 1; reads < 100; reads++)
        {
            await ReadAsync();
        }

        Assert.InRange(_loads, 1, 50);
@@ always
    }

    [Theory]
    [InlineData("0")]
    [InlineData("forever")]
    public void A_wrong_time_to_live_is_reported_by_its_name(string value)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration["Cache:TtlSeconds"] = value;
@@ cache=redis|none
        builder.Configuration["ConnectionStrings:Redis"] = "localhost";
@@ always
        builder.Services.AddCaching();
        using var provider = builder.Services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(
            provider.GetRequiredService<IStartupValidator>().Validate);

        Assert.StartsWith("Cache__TtlSeconds: ", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    private Task<string> ReadAsync() => ReadAsync(async () =>
    {
        var read = _stored;
        await Task.Delay(20);
        return read;
    });

    private async Task<string> ReadAsync(Func<Task<string>> load) => await Cache.GetOrCreateAsync(
        Key,
        async _ =>
        {
            Interlocked.Increment(ref _loads);
            return await load();
        },
        tags: [Key]);

    private Task EventuallyReadsAsync(string value) => Eventually.HoldsAsync(async () => await ReadAsync() == value);
}
