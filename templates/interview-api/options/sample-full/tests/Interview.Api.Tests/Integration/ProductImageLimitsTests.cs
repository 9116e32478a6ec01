using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using InterviewApi.Dependencies;
using InterviewApi.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace InterviewApi.Tests.Integration;

/// <summary>On the real web server, because limits and broken connections are its matter.</summary>
public sealed class ProductImageLimitsTests : IAsyncLifetime
{
    private const int MaxBytes = 2 * 1024 * 1024;

    private readonly TemporaryFolder _uploads = new();
    private readonly ApiFactory _api = new();

    public ValueTask InitializeAsync() => _api
        .With("Uploads:Path", _uploads.Path)
        .With("Uploads:MaxBytes", $"{MaxBytes}")
        .OnNetwork()
        .InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _uploads.Dispose();
    }

    [Fact]
    public async Task The_limit_is_that_of_uploads_and_not_that_of_other_requests()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();

        var largest = await client.PutImageAsync(product, Images.Png(MaxBytes));
        var tooLarge = await client.PutImageAsync(product, Images.Png(MaxBytes + 1));
        var chunked = new HttpRequestMessage(HttpMethod.Put, product + "/image")
        {
            Content = Images.Form(Images.Png(MaxBytes + 1)),
        };
        chunked.Headers.TransferEncodingChunked = true;

        Assert.Equal(HttpStatusCode.Created, largest.StatusCode);
        await tooLarge.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        await (await client.SendAsync(chunked)).ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal(MaxBytes, new FileInfo(Assert.Single(_uploads.Files)).Length);
    }

    [Fact]
    public async Task A_download_may_take_longer_than_the_time_limit_of_requests()
    {
        // More than the buffers between the two sides hold.
        const int length = 40 * 1024 * 1024;
        var writer = await _api.CreateWriterAsync();
        var product = await writer.CreateProductAsync();
        await writer.PutImageAsync(product, Images.Png());
        await File.WriteAllBytesAsync(Assert.Single(_uploads.Files), Images.Png(length));
        await using var hasty = await new ApiFactory().With("Uploads:Path", _uploads.Path).With("Server:RequestTimeoutSeconds", "1")
            .With("ConnectionStrings:Database", _api.Database.ConnectionString).OnNetwork().StartAsync();

        using var response = await hasty.CreateClient().GetAsync(product + "/image", HttpCompletionOption.ResponseHeadersRead);
        await Task.Delay(TimeSpan.FromSeconds(3));

        Assert.Equal(length, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Theory]
    [InlineData("../../x.png")]
    [InlineData("/tmp/x.png")]
    [InlineData("C:\\x.png")]
    [InlineData("..%2f..%2fx.png")]
    public async Task The_name_of_the_client_decides_nothing(string name)
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();

        Assert.Equal(HttpStatusCode.Created, (await client.PutImageAsync(product, Images.Png(), name)).StatusCode);

        var file = Assert.Single(_uploads.Files);
        Assert.Equal(_uploads.Path, Path.GetDirectoryName(file));
        Assert.Matches("^[0-9a-f]{32}[.]png$", Path.GetFileName(file));
    }

    [Fact]
    public async Task What_is_no_image_is_refused_whatever_it_is_called()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();

        foreach (var content in new[] { "<html><script>alert(1)</script></html>", "GIF8", "RIFF1234WAVE", "\u0089PNG", "x" })
        {
            var response = await client.PutImageAsync(product, Encoding.Latin1.GetBytes(content));
            await response.ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType);
        }

        var text = new StringContent("{}", Encoding.UTF8, "application/json");
        await (await client.PutAsync(product + "/image", text)).ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType);
        await (await client.PutAsync(product + "/image", null)).ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType);
        Assert.Empty(_uploads.Files);
    }

    [Fact]
    public async Task A_form_that_is_not_one_file_is_refused()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        var two = Images.Form(Images.Png());
        two.Add(new ByteArrayContent(Images.Png()), "file", "second.png");
        var value = new MultipartFormDataContent { { new StringContent("text"), "file" } };

        await (await client.PutImageAsync(product, [])).ShouldRefuseAsync("file");
        await (await client.PutImageAsync(product, Images.Png(), field: "picture")).ShouldRefuseAsync("file");
        await (await client.PutAsync(product + "/image", two)).ShouldRefuseAsync("file");
        await (await client.PutAsync(product + "/image", value)).ShouldRefuseAsync("file");
        await (await SendAsync(client, product, "multipart/form-data", "--x--")).ShouldRefuseAsync("$");
        await (await SendAsync(client, product, "multipart/form-data; boundary=x", "no form at all")).ShouldRefuseAsync("$");
        await (await SendAsync(client, product, "multipart/form-data; boundary=x", "--x--\r\n")).ShouldRefuseAsync("file");
        Assert.Empty(_uploads.Files);
    }

    [Fact]
    public async Task A_client_that_leaves_half_way_leaves_nothing_behind()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        var form = Images.Form(Images.Png(MaxBytes));
        var request = new StringBuilder($"PUT {product}/image HTTP/1.1\r\nHost: localhost\r\n")
            .Append(
                CultureInfo.InvariantCulture,
                $"Content-Type: {form.Headers.ContentType}\r\nContent-Length: {form.Headers.ContentLength}\r\n");
        foreach (var header in client.DefaultRequestHeaders)
        {
            request.Append(CultureInfo.InvariantCulture, $"{header.Key}: {string.Join(", ", header.Value)}\r\n");
        }

        using (var connection = new TcpClient())
        {
            await connection.ConnectAsync(client.BaseAddress!.Host, client.BaseAddress.Port);
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{request}\r\n"));
            await connection.GetStream().WriteAsync((await form.ReadAsByteArrayAsync()).AsMemory(0, MaxBytes / 2));
            await Eventually.HoldsAsync(() => _uploads.Files.Length == 1);
        }

        await Eventually.HoldsAsync(() => _uploads.Files.Length == 0);
        await (await client.GetAsync(product + "/image")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_image_is_found_while_it_is_replaced()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        await client.PutImageAsync(product, Images.Png());

        var replacements = Task.Run(async () =>
        {
            for (var number = 0; number < 40; number++)
            {
                await client.PutImageAsync(product, Images.Png(1000 + number));
            }
        });
        var found = new List<HttpStatusCode>();
        while (!replacements.IsCompleted)
        {
            var reads = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.GetAsync(product + "/image")));
            found.AddRange(reads.Select(response => response.StatusCode));
        }

        await replacements;
        Assert.All(found, status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task An_upload_that_the_database_refuses_leaves_nothing_behind()
    {
        var writer = await _api.CreateWriterAsync();
        var product = await writer.CreateProductAsync();
        await using var readOnly = new ApiFactory()
            .With("Uploads:Path", _uploads.Path)
            .With("ConnectionStrings:Database", _api.Database.ReadOnly);
        var client = readOnly.CreateClient();
        client.DefaultRequestHeaders.Authorization = writer.DefaultRequestHeaders.Authorization;

        var refused = await client.PutImageAsync(product, Images.Png());

        await refused.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Empty(_uploads.Files);
    }

    [Fact]
    public async Task Temporary_files_that_a_killed_process_left_are_deleted_at_the_next_start()
    {
        var abandoned = Path.Combine(_uploads.Path, $"{Guid.NewGuid():N}.part");
        var inFlight = Path.Combine(_uploads.Path, $"{Guid.NewGuid():N}.part");
        var image = Path.Combine(_uploads.Path, $"{Guid.NewGuid():N}.png");
        foreach (var file in new[] { abandoned, inFlight, image })
        {
            await File.WriteAllTextAsync(file, "");
        }

        File.SetLastWriteTimeUtc(abandoned, DateTime.UtcNow.AddHours(-2));
        File.SetLastWriteTimeUtc(image, DateTime.UtcNow.AddHours(-2));
        await using var next = new ApiFactory().With("Uploads:Path", _uploads.Path);
        _ = next.Services;

        Assert.Equal(new[] { inFlight, image }.Order(), _uploads.Files.Order());
    }

    [Fact]
    public async Task A_path_that_cannot_be_a_folder_stops_the_start()
    {
        var file = Path.Combine(_uploads.Path, "file");
        await File.WriteAllTextAsync(file, "");

        foreach (var path in new[] { file, Path.Combine(file, "uploads") })
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.Configuration["Uploads:Path"] = path;
            builder.Services.AddSingleton(TimeProvider.System);
            builder.Services.AddLogging();
            builder.Services.AddUploads();
            await using var provider = builder.Services.BuildServiceProvider();
            var check = provider.GetServices<IHostedService>().Last();

            var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => check.StartAsync(CancellationToken.None));

            Assert.StartsWith("Uploads__Path: ", Assert.Single(exception.Failures), StringComparison.Ordinal);
        }
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string product, string contentType, string body)
    {
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return client.PutAsync(product + "/image", content);
    }
}
