using System.Net.Http.Json;
using Acme.Shop.Tests.Support;

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
}
