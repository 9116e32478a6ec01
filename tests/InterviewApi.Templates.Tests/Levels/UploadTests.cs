using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Images that are sent to a running API, by honest clients and others.</summary>
[Trait("Level", "Run")]
[Collection(AloneGroup.Name)]
public sealed class UploadTests : IAsyncLifetime
{
    private const int MaxBytes = 10 * 1024 * 1024;
    private const string Boundary = "a-boundary";
    private const string FormType = $"multipart/form-data; boundary={Boundary}";

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private ServerInstance _server = null!;
    private TestAccount _account = null!;
    private string _product = "";

    public async ValueTask InitializeAsync()
    {
        _server = await ServerInstance.StartAsync(await ServerApplication.OnSqliteAsync());
        _account = await TestAccount.SignUpAsync(_server.Client);
        _product = await CreateProductAsync(_server);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task The_name_that_a_client_gives_leads_nowhere()
    {
        Requires.Servers();
        string[] names =
        [
            "../../x.png", "..\\..\\x.png", "/etc/x.png", "/tmp/x.png", "C:\\x.png", "..%2f..%2fx.png", "x\0.png", "x.png\0.html",
                "~/x.png", ".", "..",
            new string('x', 5000), "con", "x.png; rm -rf /", "\u202egnp.x",
        ];
        foreach (var name in names)
        {
            var before = FilesOf(_server);

            using var response = await PutAsync(Form(Png(1000), name));

            Assert.True(
                response.IsSuccessStatusCode
                || (response.StatusCode == HttpStatusCode.BadRequest && FilesOf(_server).SequenceEqual(before)),
                $"{name}: {response.StatusCode}");
            var file = Assert.Single(FilesOf(_server));
            Assert.Equal(_server.Uploads, Path.GetDirectoryName(file));
            Assert.Matches("^[0-9a-f]{32}[.]png$", Path.GetFileName(file));
        }

        Assert.Empty(Directory.EnumerateFiles(Path.GetTempPath(), "x.png"));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(_server.Folder, "*.png", SearchOption.AllDirectories),
            file => Path.GetDirectoryName(file) != _server.Uploads);
    }

    [Fact]
    public async Task What_is_not_one_image_of_the_right_size_is_refused_and_leaves_no_file()
    {
        Requires.Servers();
        (string What, HttpStatusCode Status, byte[] Body, string? Type)[] uploads =
        [
            (
                "HTML under the name of a PNG", HttpStatusCode.UnsupportedMediaType,
                Form("<html><script>alert(1)</script></html>"u8.ToArray()), FormType),
            (
                "an SVG", HttpStatusCode.UnsupportedMediaType,
                Form("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray()), FormType),
            ("11 MiB", HttpStatusCode.RequestEntityTooLarge, Form(Png(11 * 1024 * 1024)), FormType),
            ("10 MiB and a byte", HttpStatusCode.RequestEntityTooLarge, Form(Png(MaxBytes + 1)), FormType),
            ("no bytes", HttpStatusCode.BadRequest, Form([]), FormType),
            ("the wrong field", HttpStatusCode.BadRequest, Form(Png(100), field: "picture"), FormType),
            ("no file name", HttpStatusCode.BadRequest, Form(Png(100), disposition: "form-data; name=\"file\""), FormType),
            ("two files", HttpStatusCode.BadRequest, [.. Part(Png(100)), .. Form(Png(100))], FormType),
            ("no boundary", HttpStatusCode.BadRequest, Form(Png(100)), "multipart/form-data"),
            ("another boundary", HttpStatusCode.BadRequest, Form(Png(100)), "multipart/form-data; boundary=other"),
            ("no end", HttpStatusCode.BadRequest, Part(Png(100)), FormType),
            ("no form", HttpStatusCode.UnsupportedMediaType, Png(100), "image/png"),
            ("no type", HttpStatusCode.UnsupportedMediaType, Png(100), null),
        ];
        foreach (var (what, status, body, type) in uploads)
        {
            using var response = await PutAsync(body, type);

            Assert.True(status == response.StatusCode, $"{what}: {response.StatusCode}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.Empty(FilesOf(_server));
        }
    }

    [Fact]
    public async Task The_largest_image_is_served_as_data_in_whole_and_in_part_and_goes_with_its_product()
    {
        Requires.Servers();
        var content = Png(MaxBytes);
        using var created = await PutAsync(Form(content));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);

        using var whole = await _server.Client.GetAsync($"{_product}/image");
        using var part = await GetAsync(("Range", "bytes=-10"));
        using var beyond = await GetAsync(("Range", $"bytes={MaxBytes}-"));
        using var known = await GetAsync(("If-None-Match", whole.Headers.ETag!.ToString()));
        using var changed = await GetAsync(("Range", "bytes=0-9"), ("If-Range", "\"another\""));

        Assert.Equal(content, await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", whole.Content.Headers.ContentType!.ToString());
        Assert.Equal("attachment", whole.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", whole.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("bytes", whole.Headers.AcceptRanges.Single());
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(content[^10..], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        using var deleted = await TestAccount.SendAsync(_server.Client, HttpMethod.Delete, _product, _account.AccessToken);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(FilesOf(_server));
    }

    [Fact]
    public async Task A_client_that_leaves_half_way_leaves_no_file()
    {
        Requires.Servers();
        var body = Form(Png(MaxBytes));
        var head = $"PUT {_product}/image HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_account.AccessToken}\r\n"
            + $"Content-Type: {FormType}\r\nContent-Length: {body.Length}\r\n\r\n";
        var clients = new TcpClient[20];
        for (var index = 0; index < clients.Length; index++)
        {
            clients[index] = new TcpClient("127.0.0.1", _server.Port);
            await clients[index].GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body.AsSpan(0, 1024 * 1024)]);
        }

        await Eventually.HoldsAsync("all uploads have begun", () => FilesOf(_server).Length == clients.Length);
        foreach (var client in clients)
        {
            client.Client.LingerState = new LingerOption(true, 0);
            client.Dispose();
        }

        await Eventually.HoldsAsync("nothing is left of them", () => FilesOf(_server).Length == 0);
        Assert.DoesNotContain("fail:", _server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_said_and_leaves_no_file()
    {
        Requires.SmallVolume();
        await using var volume = await SmallVolume.MountAsync(megabytes: 4);
        var uploads = Path.Combine(volume.Path, "uploads");
        await using var server = await ServerInstance.StartAsync(await ServerApplication.OnSqliteAsync(), ("Uploads__Path", uploads));
        var account = await TestAccount.SignUpAsync(server.Client);
        var product = await CreateProductAsync(server, account);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            using var full = await PutAsync(server, account, product, Form(Png(6 * 1024 * 1024)));
            Assert.Equal(HttpStatusCode.InsufficientStorage, full.StatusCode);
            Assert.Equal("application/problem+json", full.Content.Headers.ContentType?.MediaType);
            Assert.Empty(Directory.EnumerateFiles(uploads));
        }

        using var small = await PutAsync(server, account, product, Form(Png(1024 * 1024)));
        Assert.Equal(HttpStatusCode.Created, small.StatusCode);
        await server.DisposeAsync();
    }

    private Task<string> CreateProductAsync(ServerInstance server) => CreateProductAsync(server, _account);

    private static async Task<string> CreateProductAsync(ServerInstance server, TestAccount account)
    {
        using var response = await TestAccount.SendAsync(
            server.Client, HttpMethod.Post, "/api/v1/products", account.AccessToken, JsonContent.Create(
                new { name = "Cup", price = 1, category = "kitchen" }));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);

        return response.Headers.Location!.ToString();
    }

    private Task<HttpResponseMessage> PutAsync(byte[] body, string? type = FormType) => PutAsync(_server, _account, _product, body, type);

    private static Task<HttpResponseMessage> PutAsync(
        ServerInstance server, TestAccount account, string product, byte[] body, string? type = FormType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        return TestAccount.SendAsync(server.Client, HttpMethod.Put, $"{product}/image", account.AccessToken, content);
    }

    private Task<HttpResponseMessage> GetAsync(params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{_product}/image");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _server.Client.SendAsync(request);
    }

    private static string[] FilesOf(ServerInstance server) => Directory.Exists(server.Uploads) ? Directory.GetFiles(server.Uploads) : [];

    private static byte[] Png(int length)
    {
        var image = new byte[length];
        new Random(length).NextBytes(image);
        Signature.CopyTo(image, 0);

        return image;
    }

    private static byte[] Form(byte[] content, string name = "x.png", string field = "file", string? disposition = null) =>
        [.. Part(content, name, field, disposition), .. Encoding.ASCII.GetBytes($"--{Boundary}--\r\n")];

    private static byte[] Part(byte[] content, string name = "x.png", string field = "file", string? disposition = null) =>
    [
        .. Encoding.UTF8.GetBytes(
            $"--{Boundary}\r\nContent-Disposition: {disposition ?? $"form-data; name=\"{field}\"; filename=\"{name}\""}\r\n"
            + "Content-Type: image/png\r\n\r\n"),
        .. content,
        .. "\r\n"u8,
    ];
}
