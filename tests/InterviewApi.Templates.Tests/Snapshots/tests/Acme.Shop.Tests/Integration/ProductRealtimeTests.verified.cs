using System.Globalization;
using System.Net.Http.Json;
using Acme.Shop.Core.Data;
using Acme.Shop.Core.Realtime;
using Acme.Shop.Events;
using Acme.Shop.Models;
using Acme.Shop.Repositories;
using Acme.Shop.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

public sealed class ProductRealtimeTests(RealtimeFixture fixture) : IClassFixture<RealtimeFixture>
{
    [Fact]
    public async Task Subscribers_hear_of_each_change()
    {
        using var http = await fixture.Api.CreateWriterAsync();
        using var listener = await SocketClient.ConnectAsync(http);
        await listener.SubscribeAsync("products");

        var address = await http.CreateProductAsync("Cup");
        await http.PutAsJsonAsync(address, new { name = "" });
        await http.PutAsJsonAsync(address, Products.Cup("Mug"));
        await http.DeleteAsync(address);

        foreach (var (name, product, version) in new[] { ("created", "Cup", 1), ("updated", "Mug", 2), ("deleted", "Mug", 3) })
        {
            var message = await listener.ReceiveAsync();
            Assert.Equal("event", message.GetProperty("type").GetString());
            Assert.Equal("products", message.GetProperty("channel").GetString());
            Assert.Equal($"product.{name}", message.GetProperty("event").GetString());
            var data = message.GetProperty("data");
            Assert.EndsWith($"/{data.GetProperty("id")}", address, StringComparison.Ordinal);
            Assert.Equal(product, data.GetProperty("name").GetString());
            Assert.Equal("12.50", data.GetProperty("price").GetProperty("amount").GetString());
            Assert.Equal(version, data.GetProperty("version").GetInt32());
        }
    }

    // The handler may run before the request that made the change has invalidated the cache.
    [Fact]
    public async Task A_subscriber_that_reads_when_it_is_notified_gets_the_new_product()
    {
        using var http = await fixture.Api.CreateWriterAsync();
        using var listener = await SocketClient.ConnectAsync(http);
        await listener.SubscribeAsync("products");
        var address = await http.CreateProductAsync("Cup");
        Assert.Equal("event", await listener.ReceiveTypeAsync());
        Assert.Equal("Cup", (await http.GetJsonAsync(address)).GetProperty("name").GetString());
        await using var scope = fixture.Api.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var id = long.Parse(address.AsSpan(address.LastIndexOf('/') + 1), CultureInfo.InvariantCulture);
        await db.Set<Product>().Where(product => product.Id == id)
            .ExecuteUpdateAsync(update => update.SetProperty(product => product.Name, "Mug"));
        var released = new TaskCompletionSource();
        var products = new SlowProducts(db, scope.ServiceProvider.GetRequiredService<ProductRepository>(), released.Task);
        var broadcaster = new ProductBroadcaster(fixture.Api.Services.GetRequiredService<ConnectionManager>(), products);
        var changed = ProductChanged.From(ProductChangeKind.Updated, await db.Set<Product>().SingleAsync(product => product.Id == id));

        var handling = broadcaster.HandleAsync(new(Guid.NewGuid(), DateTimeOffset.UtcNow, changed), CancellationToken.None);
        await listener.SendAsync(new { action = "ping" });
        Assert.Equal("pong", await listener.ReceiveTypeAsync());
        released.SetResult();

        Assert.Equal("event", await listener.ReceiveTypeAsync());
        Assert.Equal("Mug", (await http.GetJsonAsync(address)).GetProperty("name").GetString());
        await handling;
    }

    /// <summary>Waits before it refreshes what is cached.</summary>
    private sealed class SlowProducts(AppDbContext db, ProductRepository products, Task released) : ProductRepository(db)
    {
        public override async Task RefreshAsync(long id)
        {
            await released;
            await products.RefreshAsync(id);
        }
    }
}
