using System.Globalization;
using System.Net.Http.Json;
using Acme.Shop.Models;
using Acme.Shop.Repositories;
using Acme.Shop.Tests.Support;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

public sealed class LocalChangeTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_value_from_before_a_change_is_not_served_if_its_invalidation_is_lost()
    {
        var client = await api.CreateWriterAsync();
        var address = await client.CreateProductAsync("old");
        var id = long.Parse(address.AsSpan(address.LastIndexOf('/') + 1), CultureInfo.InvariantCulture);
        var old = new Product { Id = id, Name = "old", Category = "kitchen", Price = 1 };
        var loadedAt = LocalChanges.Now;
        await client.PatchAsJsonAsync(address, new { name = "new" });

        var cache = api.Services.GetRequiredService<HybridCache>();
        await cache.SetAsync($"product:v2:{id}", new Cached<Product?>(old, loadedAt));
        await cache.SetAsync("products:v2", new Cached<IReadOnlyList<Product>>([old], loadedAt));

        Assert.Equal("new", (await client.GetJsonAsync(address)).GetProperty("name").GetString());
        Assert.Equal("new", (await client.GetJsonAsync(address)).GetProperty("name").GetString());
        Assert.Equal("new", (await client.GetJsonAsync(Products.V1))[0].GetProperty("name").GetString());
    }
}
