using System.Net;
using System.Net.Http.Json;
using Acme.Shop.Tests.Support;

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
        Assert.Equal(["Created, version 1.", "Updated, version 2.", "Deleted, version 2."], changes);
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
}
