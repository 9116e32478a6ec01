using System.Globalization;
using System.Net;
using System.Net.Http.Json;
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

    public ProductCacheTests() => _api = new ApiFactory()
        .With("Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command", "Information")
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
        await _writer.GetAsync(address);
        var before = CountQueries();

        var cached = await _writer.GetJsonAsync(address.Replace(Products.V1, Products.V2, StringComparison.Ordinal));

        Assert.Equal(before, CountQueries());
        Assert.Equal("12.50", cached.GetProperty("price").GetProperty("amount").GetString());
    }

    [Fact]
    public async Task A_cached_product_is_what_the_database_holds()
    {
        var address = await _writer.CreateProductAsync();
        var loaded = await _writer.GetStringAsync(address);

        Assert.Equal(loaded, await _writer.GetStringAsync(address));
    }

    private async Task<string?> ReadNameAsync(string address) =>
        (await _writer.GetJsonAsync(address)).GetProperty("name").GetString();

    private int CountQueries() => _log.Lines.Count(line =>
        line.Message.Contains("SELECT", StringComparison.Ordinal)
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
