using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Acme.Shop.Events;
using Acme.Shop.Services;
using Acme.Shop.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

public sealed class ProductEventTests
{
    [Fact]
    public async Task Each_change_that_was_committed_raises_one_event_and_no_other_does()
    {
        var log = new LogRecorder();

        // All events are handled before an application has stopped.
        await using (var api = new ApiFactory().LogTo(log).With("Logging:LogLevel:Default", "Information"))
        {
            await api.InitializeAsync();
            await ChangeProductsAsync(await api.CreateWriterAsync());
        }

        var changes = log.Lines
            .Select(line => line.Message.Trim())
            .Where(message => message.StartsWith("Product ", StringComparison.Ordinal))
            .Select(message => message[(message.IndexOf(':', StringComparison.Ordinal) + 2)..]);
        Assert.Equal(["Created, version 1.", "Updated, version 2.", "Deleted, version 3."], changes);
    }

    [Fact]
    public async Task A_handler_of_a_change_reads_the_new_product()
    {
        await using var api = await new ApiFactory().StartAsync();
        var client = await api.CreateWriterAsync();
        var address = await client.CreateProductAsync("old");
        await client.GetAsync(address);
        var id = long.Parse(address.AsSpan(address.LastIndexOf('/') + 1), CultureInfo.InvariantCulture);
        await using var scope = api.Services.CreateAsyncScope();
        var listener = new ReadingListener(scope.ServiceProvider.GetRequiredService<ProductService>());
        var products = ActivatorUtilities.CreateInstance<ProductImageService>(scope.ServiceProvider, listener);

        await products.UpdateAsync(id, product => product.Name = "new", _ => true, CancellationToken.None);

        Assert.Equal("new", listener.Read);
    }

    private static async Task ChangeProductsAsync(HttpClient client)
    {
        var product = await client.CreateProductAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.PutAsJsonAsync(product, Products.Cup("Mug"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PutAsJsonAsync(product, new { name = "" })).StatusCode);
        var outdated = new HttpRequestMessage(HttpMethod.Delete, product).With("If-Match", "\"1\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await client.SendAsync(outdated)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(product)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync(product)).StatusCode);
    }

    /// <summary>Reads a product as soon as its change is published.</summary>
    private sealed class ReadingListener(ProductService products) : IEventPublisher
    {
        public string? Read { get; private set; }

        public async ValueTask PublishAsync<TEvent>(TEvent occurred, CancellationToken cancellationToken)
            where TEvent : class
        {
            var changed = Assert.IsType<ProductChanged>(occurred);
            Read = (await products.FindAsync(changed.Product.Id, cancellationToken))?.Name;
        }
    }
}
