using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Acme.Shop.Core.Data;
using Acme.Shop.Models;
using Acme.Shop.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

public sealed class ProductCacheTests : IAsyncLifetime
{
    private readonly LogRecorder _log = new();
    private readonly ApiFactory _api;
    private HttpClient _writer = null!;

    // While EF Core logs fewer kinds of events, it skips some of those of concurrent commands.
    public ProductCacheTests() => _api = new ApiFactory()
        .With("Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command", "Debug")
        .LogTo(_log);

    public async ValueTask InitializeAsync()
    {
        await _api.InitializeAsync();
        _writer = await _api.CreateWriterAsync();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Concurrent_reads_of_a_cold_product_make_one_query()
    {
        var address = await AddToDatabaseAsync();
        var before = CountQueries();

        var responses = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => _writer.GetAsync(address)));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(before + 1, CountQueries());
    }

    [Fact]
    public async Task Reads_and_misses_are_measured()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var api = receiver.CreateApi();
        await api.InitializeAsync();

        await api.CreateClient().GetAsync($"{Products.V1}/1");

        await receiver.WaitForMetricsAsync("cache.requests", "cache.misses");
    }

    [Fact]
    public async Task Every_kind_of_change_is_seen_by_the_next_read()
    {
        var address = await _writer.CreateProductAsync("one");
        Assert.Equal("one", await ReadNameAsync(address));

        await _writer.PutAsJsonAsync(address, Products.Cup("two"));
        Assert.Equal("two", await ReadNameAsync(address));

        await _writer.PatchAsJsonAsync(address, new { name = "three" });
        Assert.Equal("three", await ReadNameAsync(address));

        await _writer.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.NotFound, (await _writer.GetAsync(address)).StatusCode);
    }

    [Fact]
    public async Task A_product_is_found_although_its_id_was_read_before_it_existed()
    {
        var address = await _writer.CreateProductAsync();
        var id = long.Parse(address.AsSpan(address.LastIndexOf('/') + 1), CultureInfo.InvariantCulture);
        var next = $"{Products.V1}/{id + 1}";
        Assert.Equal(HttpStatusCode.NotFound, (await _writer.GetAsync(next)).StatusCode);

        Assert.Equal(next, await _writer.CreateProductAsync("next"));

        Assert.Equal("next", await ReadNameAsync(next));
    }

    [Fact]
    public async Task Both_versions_read_the_same_cached_product()
    {
        var address = await _writer.CreateProductAsync();

        await ShouldNotQueryAsync(
            () => _writer.GetAsync(address),
            async () =>
            {
                var cached = await _writer.GetJsonAsync(address.Replace(Products.V1, Products.V2, StringComparison.Ordinal));
                Assert.Equal("12.50", cached.GetProperty("price").GetProperty("amount").GetString());
            });
    }

    [Fact]
    public async Task A_cached_product_is_what_the_database_holds()
    {
        var address = await _writer.CreateProductAsync();
        var loaded = await _writer.GetStringAsync(address);

        Assert.Equal(loaded, await _writer.GetStringAsync(address));
    }

    [Fact]
    public async Task The_read_after_a_create_or_an_update_is_a_hit()
    {
        var address = "";
        await ShouldNotQueryAsync(
            async () => address = await _writer.CreateProductAsync(),
            async () => Assert.Equal("Cup", await ReadNameAsync(address)));

        await ShouldNotQueryAsync(
            () => _writer.PatchAsJsonAsync(address, new { name = "two" }),
            async () => Assert.Equal("two", await ReadNameAsync(address)));
    }

    [Fact]
    public async Task Overlapping_changes_leave_the_last_one_in_the_cache()
    {
        var address = (await _writer.CreateProductAsync()).Replace(Products.V1, Products.V2, StringComparison.Ordinal);

        var changes = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            _writer.SendTextAsync(HttpMethod.Patch, address, $$"""{"name":"Cup {{number}}"}""")));

        var made = new List<(int Version, string? Name)>();
        foreach (var change in changes.Where(change => change.StatusCode == HttpStatusCode.OK))
        {
            made.Add(VersionOf(await change.ReadJsonAsync()));
        }

        Assert.Equal(made.Max(), VersionOf(await _writer.GetJsonAsync(address)));

        static (int Version, string? Name) VersionOf(JsonElement product) =>
            (product.GetProperty("version").GetInt32(), product.GetProperty("name").GetString());
    }

    [Fact]
    public async Task All_limits_and_versions_share_the_first_page_of_a_list()
    {
        await _writer.CreateProductAsync("one");
        await _writer.CreateProductAsync("two", "garden");

        await ShouldNotQueryAsync(
            () => Task.WhenAll(ReadNamesAsync(""), ReadNamesAsync("?category=garden")),
            async () =>
            {
                Assert.Equal(["one", "two"], await ReadNamesAsync("?limit=100"));
                Assert.Equal(["one"], await ReadNamesAsync("?limit=1"));
                Assert.Equal(["two"], await ReadNamesAsync("?category=garden"));
                Assert.Equal(2, (await _writer.GetJsonAsync(Products.V2)).GetProperty("items").GetArrayLength());
            });
    }

    [Theory]
    [InlineData("?q=one")]
    [InlineData("?skip=1")]
    public async Task Searches_and_other_pages_come_from_the_database(string query)
    {
        await ReadNamesAsync(query);
        var before = CountQueries();

        await ReadNamesAsync(query);

        Assert.Equal(before + 1, CountQueries());
    }

    [Fact]
    public async Task Every_kind_of_change_is_seen_by_the_next_list()
    {
        Assert.Empty(await ReadNamesAsync(""));
        var address = await _writer.CreateProductAsync("one");
        Assert.Equal(["one"], await ReadNamesAsync(""));
        Assert.Equal(["one"], await ReadNamesAsync("?category=kitchen"));

        await _writer.PatchAsJsonAsync(address, new { name = "two", category = "garden" });
        Assert.Equal(["two"], await ReadNamesAsync(""));
        Assert.Empty(await ReadNamesAsync("?category=kitchen"));
        Assert.Equal(["two"], await ReadNamesAsync("?category=garden"));

        await _writer.DeleteAsync(address);
        Assert.Empty(await ReadNamesAsync(""));
    }

    [Fact]
    public async Task A_list_that_is_read_all_the_time_shows_each_change_at_once()
    {
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!done.IsCancellationRequested)
            {
                await _writer.GetAsync(Products.V1);
            }
        }).ToArray();

        for (var number = 1; number <= 30; number++)
        {
            await _writer.CreateProductAsync($"Cup {number}");
            Assert.Equal(number, (await ReadNamesAsync("?limit=100")).Length);
        }

        await done.CancelAsync();
        await Task.WhenAll(readers);
    }

    // Several attempts: on a busy machine the cache may be cleared, or an entry expire, in between.
    private async Task ShouldNotQueryAsync(Func<Task> prepare, Func<Task> read)
    {
        for (var attempt = 1; ; attempt++)
        {
            await prepare();
            var before = CountQueries();
            await read();
            if (CountQueries() == before)
            {
                return;
            }

            Assert.True(attempt < 3, "What should be cached came from the database.");
        }
    }

    private async Task<string?[]> ReadNamesAsync(string query) =>
        [.. (await _writer.GetJsonAsync(Products.V1 + query)).EnumerateArray().Select(product => product.GetProperty("name").GetString())];

    private async Task<string?> ReadNameAsync(string address) =>
        (await _writer.GetJsonAsync(address)).GetProperty("name").GetString();

    // Those of requests: a handler of an event may load the product too.
    private int CountQueries() => _log.Lines.Count(line =>
        line.Scopes.Contains("RequestPath", StringComparison.Ordinal)
        && line.Message.Contains("Executed DbCommand", StringComparison.Ordinal)
        && line.Message.Contains("SELECT", StringComparison.Ordinal)
        && line.Message.Contains("Products", StringComparison.Ordinal));

    // Past the API, so that nothing else happens to the product.
    private async Task<string> AddToDatabaseAsync()
    {
        await using var scope = _api.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var product = new Product { Name = "Cup", Category = "kitchen", Price = 1 };
        db.Add(product);
        await db.SaveChangesAsync();
        return $"{Products.V1}/{product.Id}";
    }
}
