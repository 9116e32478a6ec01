using System.Net;
using System.Text;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class ProductAttachmentTests : IAsyncLifetime
{
    private const int MaxBytes = 1024 * 1024;
    private readonly TemporaryFolder _uploads = new();
    private readonly ApiFactory _api = new();

    // On the real web server, because limits and broken connections are its matter.
    public ValueTask InitializeAsync() => _api
        .With("Uploads:Path", _uploads.Path)
        .With("Uploads:MaxBytes", $"{MaxBytes}")
        .With("Uploads:MaxRequestBytes", $"{2 * MaxBytes}")
        .OnNetwork()
        .InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _uploads.Dispose();
    }

    [Fact]
    public async Task Several_files_are_attached_listed_read_and_deleted()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        var form = Attachments.FormOf((Images.Png(), "front.png"), (Images.Pdf(), "Handbuch äöü.pdf"), (Images.Jpeg(), "photo.jpeg"));
        form.Add(new StringContent("Two views and a manual."), "description");
        form.Add(new StringContent("manual"), "category");

        var created = await client.PostAsync(product + "/attachments", form);
        var list = await client.GetJsonAsync(product + "/attachments");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal((await created.ReadJsonAsync()).GetRawText(), list.GetRawText());
        Assert.Equal(
            [("front.png", "image/png"), ("Handbuch äöü.pdf", "application/pdf"), ("photo.jpeg", "image/jpeg")],
            list.EnumerateArray().Select(item => (item.GetProperty("name").GetString()!, item.GetProperty("contentType").GetString()!)));
        Assert.All(list.EnumerateArray(), item => Assert.Equal("manual", item.GetProperty("category").GetString()));
        var second = $"{product}/attachments/{list[1].GetProperty("id")}";
        var read = await client.GetAsync(second);
        Assert.Equal(Images.Pdf(), await read.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/pdf", read.Content.Headers.ContentType!.ToString());
        Assert.Equal("nosniff", Assert.Single(read.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("attachment", read.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("Handbuch äöü.pdf", read.Content.Headers.ContentDisposition.FileNameStar);
        Assert.Equal(Images.Png(), await client.GetByteArrayAsync(created.Headers.Location));

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(second)).StatusCode);
        await (await client.DeleteAsync(second)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await client.GetAsync(second)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(2, _uploads.Files.Length);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(product)).StatusCode);
        Assert.Empty(_uploads.Files);
        await (await client.GetAsync(product + "/attachments")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await client.AttachAsync(product, (Images.Png(), "x.png"))).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_client_reads_a_range_and_does_not_read_a_file_twice()
    {
        var client = await _api.CreateWriterAsync();
        var address = (await client.AttachAsync(await client.CreateProductAsync(), (Images.Pdf(), "a.pdf"))).Headers.Location!.ToString();
        var tag = (await client.GetAsync(address)).Headers.ETag!.ToString();

        var part = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, address).With("Range", "bytes=10-19"));
        var beyond = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, address).With("Range", "bytes=1000-"));
        var again = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, address).With("If-None-Match", tag));
        var other = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, address).With("If-Match", "\"other\""));

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(Images.Pdf()[10..20], await part.Content.ReadAsByteArrayAsync());
        await beyond.ShouldBeProblemAsync(HttpStatusCode.RequestedRangeNotSatisfiable);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        await other.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed);
        await client.ShouldAnswerHeadLikeGetAsync(address);
    }

    // RFC 9110 sections 13.1.4 and 13.1.5.
    [Theory]
    [InlineData("If-Range", "{tag}", 206)]
    [InlineData("If-Range", "\"other\"", 200)]
    [InlineData("If-Range", "yesterday", 200)]
    [InlineData("If-Unmodified-Since", "Mon, 01 Jan 2001 00:00:00 GMT", 412)]
    [InlineData("If-Unmodified-Since+If-Match", "Mon, 01 Jan 2001 00:00:00 GMT+{tag}", 206)]
    public async Task A_part_is_read_under_conditions(string names, string values, int status)
    {
        var client = await _api.CreateWriterAsync();
        var address = (await client.AttachAsync(await client.CreateProductAsync(), (Images.Pdf(), "a.pdf"))).Headers.Location!.ToString();
        var tag = (await client.GetAsync(address)).Headers.ETag!.ToString();
        var request = new HttpRequestMessage(HttpMethod.Get, address).With("Range", "bytes=10-19");
        values = values.Replace("{tag}", tag, StringComparison.Ordinal);
        foreach (var (name, value) in names.Split('+').Zip(values.Split('+')))
        {
            request.With(name, value);
        }

        Assert.Equal(status, (int)(await client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_list_has_pages()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        await client.AttachAsync(product, (Images.Png(), "1.png"), (Images.Png(), "2.png"), (Images.Png(), "3.png"));

        var page = await client.GetAsync(product + "/attachments?skip=1&limit=1");

        Assert.Equal("2.png", Assert.Single((await page.ReadJsonAsync()).EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(2, page.Headers.GetValues("Link").SelectMany(link => link.Split(", ")).Count());
        await (await client.GetAsync(product + "/attachments?limit=101")).ShouldRefuseAsync("limit");
    }

    [Fact]
    public async Task A_form_that_breaks_a_rule_is_refused_and_leaves_nothing_behind()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        var eleven = Enumerable.Range(0, 11).Select(number => (Images.Png(), $"{number}.png")).ToArray();
        var good = (Images.Png(), "good.png");

        await (await client.AttachAsync(product)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        await (await client.AttachAsync(product, eleven)).ShouldRefuseAsync("files");
        await (await client.AttachAsync(product, good, ([], "empty.png"))).ShouldRefuseAsync("files");
        await (await client.AttachAsync(product, good, ("<script>"u8.ToArray(), "text.png"), good))
            .ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType);
        await (await client.AttachAsync(product, good, (Images.Png(MaxBytes + 1), "large.png")))
            .ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        await (await client.AttachAsync(product, (Images.Png(MaxBytes), "1.png"), (Images.Png(MaxBytes), "2.png"), good))
            .ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        await (await PostAsync("description", new string('d', 501))).ShouldRefuseAsync("description");
        await (await PostAsync("category", new string('c', 51))).ShouldRefuseAsync("category");
        await (await PostAsync("category", "a\0b")).ShouldRefuseAsync("category");
        await (await PostAsync("category", $"tea{new string(' ', 1000)}cups")).ShouldRefuseAsync("category");
        await (await PostAsync("owner", "me")).ShouldRefuseAsync("files");
        await (await client.PostAsync(product + "/attachments", new StringContent("{}", Encoding.UTF8, "application/json")))
            .ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType);
        await (await client.PutImageAsync(product, Images.Pdf())).ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType);
        Assert.Empty(_uploads.Files);
        Assert.Equal(0, (await client.GetJsonAsync(product + "/attachments")).GetArrayLength());

        Task<HttpResponseMessage> PostAsync(string field, string value)
        {
            var form = Attachments.FormOf(good);
            form.Add(new StringContent(value), field);
            return client.PostAsync(product + "/attachments", form);
        }
    }

    // What a client calls its file decides neither where it is stored nor what a response header holds.
    [Theory]
    [InlineData("form-data; name=\"files\"; filename=\"../../etc/passwd\"", "passwd.pdf")]
    [InlineData("form-data; name=\"files\"; filename=\"C:\\\\temp\\\\a.PDF\"", "a.PDF")]
    [InlineData("form-data; name=\"files\"; filename=\"page.html\"", "page.html.pdf")]
    [InlineData("form-data; name=\"files\"; filename=\"..\"", "file.pdf")]
    [InlineData("form-data; name=\"files\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3D1.pdf", "aSet-Cookie: x=1.pdf")]
    [InlineData("form-data; name=\"files\"; filename*=UTF-8''invoice%E2%80%AEfdp.exe", "invoicefdp.exe.pdf")]
    public async Task The_name_of_the_client_is_only_shown(string disposition, string shown)
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();

        var created = await client.PostAsync(product + "/attachments", Attachments.RawFormOf(Images.Pdf(), disposition));
        var read = await client.GetAsync(created.Headers.Location);

        Assert.Equal(shown, (await created.ReadJsonAsync())[0].GetProperty("name").GetString());
        Assert.Equal(shown, read.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.False(read.Headers.Contains("Set-Cookie"));
        Assert.Matches("^[0-9a-f]{32}[.]pdf$", Path.GetRelativePath(_uploads.Path, Assert.Single(_uploads.Files)));
    }

    [Fact]
    public async Task A_long_name_is_cut_and_keeps_its_extension()
    {
        var client = await _api.CreateWriterAsync();

        var created = await client.AttachAsync(await client.CreateProductAsync(), (Images.Png(), new string('n', 300) + ".png"));

        Assert.Matches("^n{95}[.]png$", (await created.ReadJsonAsync())[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_client_that_leaves_half_way_leaves_nothing_behind()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        using var leaving = new CancellationTokenSource();
        var form = Attachments.FormOf((Images.Png(), "1.png"), (Images.Png(MaxBytes), "2.png"));
        var half = new HalfContent(await form.ReadAsByteArrayAsync());
        half.Headers.ContentType = form.Headers.ContentType;
        var upload = client.PostAsync(product + "/attachments", half, leaving.Token);
        await Eventually.HoldsAsync(() => _uploads.Files.Length == 2);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);
        await Eventually.HoldsAsync(() => _uploads.Files.Length == 0);
    }

    [Fact]
    public async Task Of_concurrent_deletions_one_succeeds()
    {
        var client = await _api.CreateWriterAsync();
        var address = (await client.AttachAsync(await client.CreateProductAsync(), (Images.Png(), "x.png"))).Headers.Location;

        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.DeleteAsync(address)));

        Assert.Equal(HttpStatusCode.NoContent, Assert.Single(responses, response => response.StatusCode != HttpStatusCode.NotFound).StatusCode);
        Assert.Empty(_uploads.Files);
    }

    /// <summary>Sends half of the bytes, and then nothing.</summary>
    private sealed class HalfContent(byte[] content) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(content.AsMemory(0, content.Length / 2), cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Length;
            return true;
        }
    }
}
