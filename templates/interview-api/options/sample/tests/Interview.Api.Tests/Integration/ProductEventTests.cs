using System.Net;
using System.Net.Http.Json;
using InterviewApi.Tests.Support;

namespace InterviewApi.Tests.Integration;

public sealed class ProductEventTests : IAsyncLifetime
{
    private readonly LogRecorder _log = new();
    private readonly ApiFactory _api = new();

    public Task InitializeAsync() => _api.LogTo(_log).With("Logging:LogLevel:Default", "Information").InitializeAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task Each_change_that_was_committed_raises_one_event_and_no_other_does()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        await client.PutAsJsonAsync(product, Products.Cup("Mug"));
        await client.PutAsJsonAsync(product, new { name = "" });
        var outdated = new HttpRequestMessage(HttpMethod.Delete, product).With("If-Match", "\"1\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await client.SendAsync(outdated)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(product)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync(product)).StatusCode);

        // The events are handled before the application has stopped.
        await _api.DisposeAsync();

        var changes = _log.Lines
            .Select(line => line.Message.Trim())
            .Where(message => message.StartsWith("Product ", StringComparison.Ordinal))
            .Select(message => message[(message.IndexOf(':', StringComparison.Ordinal) + 2)..]);
        Assert.Equal(["Created, version 1.", "Updated, version 2.", "Deleted, version 2."], changes);
    }
}
