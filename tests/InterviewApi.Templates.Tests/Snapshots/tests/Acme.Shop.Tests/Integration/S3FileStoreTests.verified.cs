using System.IO.Pipelines;
using System.Net;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Files;
using Acme.Shop.Dependencies;
using Acme.Shop.Services;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Integration;

/// <summary>Images and attachments in an object store instead of a folder.</summary>
public sealed class S3FileStoreTests : IAsyncLifetime
{
    private readonly TemporaryFolder _uploads = new();
    private readonly ApiFactory _api = new();
    private S3Server _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await S3Server.StartAsync();
        await _server.Serve(_api).With("Uploads:Path", _uploads.Path).InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _server.DisposeAsync();
        _uploads.Dispose();
    }

    [Fact]
    public async Task Files_are_in_the_bucket_and_nowhere_else()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();

        await client.PutImageAsync(product, Images.Png());
        var address = (await client.AttachAsync(product, (Images.Pdf(200_000), "a.pdf"))).Headers.Location!.ToString();

        Assert.Equal(2, _server.Names.Count);
        Assert.All(_server.Names, name => Assert.Matches("^uploads/[0-9a-f]{32}[.](png|pdf)$", name));
        Assert.Empty(_uploads.Files);
        Assert.Equal(Images.Png(), await client.GetByteArrayAsync(product + "/image"));
        Assert.Equal(Images.Pdf(200_000), await client.GetByteArrayAsync(address));
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(address)).StatusCode);
        Assert.EndsWith(".png", Assert.Single(_server.Names), StringComparison.Ordinal);
        await client.AttachAsync(product, (Images.Pdf(), "a.pdf"));
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(product)).StatusCode);
        Assert.Empty(_server.Names);
    }

    [Fact]
    public async Task A_range_is_asked_for_and_not_the_whole_file()
    {
        var client = await _api.CreateWriterAsync();
        var address = (await client.AttachAsync(await client.CreateProductAsync(), (Images.Pdf(), "a.pdf"))).Headers.Location!.ToString();

        var part = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, address).With("Range", "bytes=90-"));
        var unchanged = await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, address).With("If-None-Match", part.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(Images.Pdf()[90..], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(["bytes=90-99"], _server.Ranges);
    }

    [Fact]
    public async Task The_sweep_reads_every_page_and_leaves_other_prefixes_alone()
    {
        var client = await _api.CreateWriterAsync();
        await client.AttachAsync(await client.CreateProductAsync(), (Images.Pdf(), "a.pdf"));
        var used = _server.Names.Single();
        var other = $"backups/{Guid.CreateVersion7():N}.png";
        foreach (var name in Enumerable.Range(0, 5).Select(_ => $"uploads/{Guid.CreateVersion7():N}.png").Append(other))
        {
            _server.Put(name);
        }

        _api.Time.Advance(TimeSpan.FromMinutes(61));
        await _api.Services.GetRequiredService<FileSweep>().SweepAsync(CancellationToken.None);

        Assert.Equal([other, used], _server.Names);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_not_found()
    {
        var client = await _api.CreateWriterAsync();
        var address = (await client.AttachAsync(await client.CreateProductAsync(), (Images.Pdf(), "a.pdf"))).Headers.Location;
        var store = _api.Services.GetRequiredService<IFileStore>();
        await store.DeleteAsync(_server.Names.Single()["uploads/".Length..]);

        await (await client.GetAsync(address)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Wrong_credentials_are_503_and_readiness_says_so()
    {
        await using var api = _server.Serve(new ApiFactory(), accessKey: "other-key").With("Uploads:Path", _uploads.Path);
        await api.InitializeAsync();

        await ShouldBeUnavailableAsync(await api.CreateWriterAsync());
    }

    [Fact]
    public async Task A_store_that_is_slow_is_503()
    {
        var client = await _api.CreateWriterAsync();
        var address = (await client.AttachAsync(await client.CreateProductAsync(), (Images.Pdf(), "a.pdf"))).Headers.Location;
        _server.Delay = TimeSpan.FromSeconds(30);

        await (await client.GetAsync(address)).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        await ShouldBeUnavailableAsync(client);
    }

    [Fact]
    public async Task A_store_that_stops_half_way_does_not_hold_the_download()
    {
        await using var silent = new RemoteStream(
            10, TimeSpan.FromMilliseconds(100), (_, _) => Task.FromResult(new Pipe().Reader.AsStream()));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => silent.ReadAtLeastAsync(new byte[10], 1).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_store_that_is_down_is_503()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        var address = (await client.AttachAsync(product, (Images.Pdf(), "a.pdf"))).Headers.Location;
        await _server.StopAsync();

        await (await client.GetAsync(address)).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        await ShouldBeUnavailableAsync(client);

        // The sweep deletes the file when the store is back.
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(product)).StatusCode);
    }

    [Theory]
    [InlineData("ServiceUrl", "minio.example.com", "Storage__S3__ServiceUrl")]
    [InlineData("Bucket", "", "Storage__S3__Bucket")]
    [InlineData("AccessKey", "", "Storage__S3__AccessKey")]
    [InlineData("SecretKey", "", "Storage__S3__SecretKey")]
    [InlineData("TimeoutSeconds", "0", "Storage__S3__TimeoutSeconds")]
    public void A_wrong_setting_is_reported_by_its_name(string setting, string value, string name)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        foreach (var (key, text) in new[] { ("ServiceUrl", "http://localhost"), ("Bucket", "files"), ("AccessKey", "a"), ("SecretKey", "b"), (setting, value) })
        {
            builder.Configuration[$"Storage:S3:{key}"] = text;
        }

        builder.Services.AddOptionsWithValidateOnStart<S3Options>().BindSection("Storage:S3");
        using var provider = builder.Services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);

        Assert.StartsWith($"{name}: ", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    // What needs no file goes on; what was received leaves nothing.
    private async Task ShouldBeUnavailableAsync(HttpClient client)
    {
        var product = await client.CreateProductAsync();

        await (await client.PutImageAsync(product, Images.Png())).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        await (await client.AttachAsync(product, (Images.Pdf(), "a.pdf"))).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);

        Assert.Equal(0, (await client.GetJsonAsync(product + "/attachments")).GetArrayLength());
        Assert.Empty(_uploads.Files);
        var readiness = await client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, readiness.StatusCode);
        Assert.Equal("Degraded", (await readiness.ReadJsonAsync()).GetProperty("checks").GetProperty("files").GetString());
    }
}
