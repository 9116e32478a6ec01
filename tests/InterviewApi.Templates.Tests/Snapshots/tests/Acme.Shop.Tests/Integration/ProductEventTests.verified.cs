using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Acme.Shop.Core.Data;
using Acme.Shop.Core.Events;
using Acme.Shop.Core.Files;
using Acme.Shop.Core.Http;
using Acme.Shop.Events;
using Acme.Shop.Models;
using Acme.Shop.Repositories;
using Acme.Shop.Services;
using Acme.Shop.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

public sealed class ProductEventTests
{
    private static readonly string[] Changes = ["Created, version 1.", "Updated, version 2.", "Deleted, version 3."];

    [Fact]
    public async Task Each_change_that_was_committed_raises_one_event_and_no_other_does()
    {
        using var log = new LogRecorder();
        await using var api = await new ApiFactory().LogTo(log).With("Logging:LogLevel:Default", "Information").StartAsync();

        await ChangeProductsAsync(await api.CreateWriterAsync());

        await Eventually.HoldsAsync(() => ChangesIn(log).Count() >= Changes.Length);
        Assert.Equal(Changes, ChangesIn(log));
    }

    [Fact]
    public async Task The_handlers_of_an_event_run_in_a_span_below_the_request_that_caused_it()
    {
        const string TraceId = "7bf92f3577b34da6a3ce929d0e0e4711";
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var api = receiver.CreateApi();
        await api.InitializeAsync();
        var client = await api.CreateWriterAsync();

        await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, Products.V1) { Content = JsonContent.Create(Products.Cup()) }
            .With("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01"));

        await Eventually.HoldsAsync(async () =>
        {
            var spans = await receiver.WaitForTraceAsync(TraceId);
            var request = spans.Single(span => span.Kind == Span.Server);
            return spans.Any(span => span.ParentId == request.Id && span.Name == ProductChanged.Type);
        });
    }

    [Fact]
    public async Task A_refresh_makes_the_next_read_return_what_the_database_holds()
    {
        await using var api = await new ApiFactory().StartAsync();
        var client = await api.CreateWriterAsync();
        var address = await client.CreateProductAsync("old");
        await client.GetAsync(address);
        var id = long.Parse(address.AsSpan(address.LastIndexOf('/') + 1), CultureInfo.InvariantCulture);
        await using var scope = api.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<Product>()
            .Where(product => product.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(product => product.Name, "new"));

        await scope.ServiceProvider.GetRequiredService<ProductRepository>().RefreshAsync(id);

        Assert.Equal("new", (await client.GetJsonAsync(address)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_change_that_is_repeated_after_it_was_committed_keeps_the_new_image_only()
    {
        using var uploads = new TemporaryFolder();
        await using var api = await new ApiFactory().With("Uploads:Path", uploads.Path).StartAsync();
        var client = await api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        await client.PutImageAsync(product, Images.Png());
        await using var scope = api.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var products = new ForgetfulProducts(services.GetRequiredService<AppDbContext>());
        var images = new ProductImageService(
            products,
            services.GetRequiredService<ProductAttachmentRepository>(),
            services.GetRequiredService<IFileStore>(),
            services.GetRequiredService<Outbox>(),
            api.Time);
        await using var content = services.GetRequiredService<UploadFolder>().CreateTemporary();
        await content.WriteAsync(Images.Gif(), CancellationToken.None);
        await content.CompleteAsync();
        var upload = new UploadedFile(content, FileFormat.Detect(Images.Gif())!, "new.gif", Images.Gif().Length);
        var id = long.Parse(product.AsSpan(product.LastIndexOf('/') + 1), CultureInfo.InvariantCulture);

        var change = await images.SetImageAsync(id, upload, _ => true, CancellationToken.None);

        Assert.Equal((ChangeStatus.Done, 2), (change.Status, products.Commits));
        Assert.Equal(Images.Gif(), await client.GetByteArrayAsync(product + "/image"));
        Assert.Single(uploads.Files);
    }

    private static IEnumerable<string> ChangesIn(LogRecorder log) => log.Lines
        .Select(line => line.Message.Trim())
        .Where(message => message.StartsWith("Product ", StringComparison.Ordinal))
        .Select(message => message[(message.IndexOf(':', StringComparison.Ordinal) + 2)..]);

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

    /// <summary>
    /// As when the connection is lost after the first commit: the repeated command finds the version that it wrote itself.
    /// </summary>
    private sealed class ForgetfulProducts(AppDbContext db) : ProductRepository(db)
    {
        private readonly AppDbContext _db = db;

        public int Commits { get; private set; }

        public override async Task<bool> TrySaveAsync(Product product, CancellationToken cancellationToken)
        {
            await base.TrySaveAsync(product, cancellationToken);
            _db.ChangeTracker.Clear();
            return ++Commits > 1;
        }
    }
}
