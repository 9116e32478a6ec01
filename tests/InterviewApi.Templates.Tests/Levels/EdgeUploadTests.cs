using System.Net;
using System.Net.Http.Json;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Whoever sends an image slowly fills no disk, and keeps nobody else from sending one.</summary>
[Trait("Level", "Edge")]
[Collection(EdgeGroup.Name)]
public sealed class EdgeUploadTests(EdgeFixture edge)
{
    // More than nginx keeps in RAM.
    private const int Part = 256 * 1024;
    private const int Whole = 10 * 1024 * 1024;
    private const int LimitOfAnAddress = 10;

    [Fact]
    public async Task A_stranger_is_refused_before_the_image_has_been_sent()
    {
        Requires.Nginx();
        Requires.Servers();
        var nginx = (await edge.StartedAsync()).Nginx;

        foreach (var path in (string[])["/api/v1/products/1/image", "/API/v2/Products/1/Image/"])
        {
            using var upload = await SlowUpload.BeginAsync(nginx, 30, $"PUT {path}", token: null, Part, Whole);

            Assert.Equal(100, await upload.NextStatusAsync());
            Assert.Equal(401, await upload.NextStatusAsync());
            Assert.Equal(0, nginx.SpooledBytes());
        }
    }

    [Fact]
    public async Task An_image_is_not_put_aside_and_an_address_sends_ten_at_a_time()
    {
        Requires.Nginx();
        Requires.Servers();
        var stack = await edge.StartedAsync();
        using var user = await stack.NewUserAsync(31);
        var token = user.DefaultRequestHeaders.Authorization!.Parameter;
        using var elsewhere = stack.Nginx.NewClient(32);
        elsewhere.DefaultRequestHeaders.Authorization = user.DefaultRequestHeaders.Authorization;
        var created = await user.PostAsJsonAsync("/api/v1/products", new { name = "Cup", price = 1, category = "kitchen" });
        var image = created.EnsureSuccessStatusCode().Headers.Location!.OriginalString + "/image";

        var uploads = await Task.WhenAll(
            Enumerable.Range(0, LimitOfAnAddress).Select(_ => SlowUpload.BeginAsync(stack.Nginx, 31, $"PUT {image}", token, Part, Whole)));
        Assert.All(await Task.WhenAll(uploads.Select(upload => upload.NextStatusAsync())), status => Assert.Equal(100, status));
        Assert.Equal(0, stack.Nginx.SpooledBytes());

        await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.TooManyRequests, await user.PutAsync(image, Image()));
        await EdgeAssert.IsProblemAsync(HttpStatusCode.NotFound, await user.GetAsync(image));
        Assert.Equal(HttpStatusCode.Created, (await elsewhere.PutAsync(image, Image())).StatusCode);

        Array.ForEach(uploads, upload => upload.Dispose());
    }

    [Theory]
    [InlineData("PUT /api/v1/products/1/image", 10256 * 1024)]
    [InlineData("POST /api/v1/products/1/attachments", 50 * 1024 * 1024)]
    [InlineData("POST /API/v2/Products/1/Attachments/", 50 * 1024 * 1024)]
    public async Task A_body_passes_up_to_the_limit_of_its_path(string request, int limit)
    {
        Requires.Nginx();
        Requires.Servers();
        var nginx = (await edge.StartedAsync()).Nginx;

        using (var largest = await SlowUpload.BeginAsync(nginx, 34, request, token: null, Part, limit))
        {
            Assert.Equal(100, await largest.NextStatusAsync());
            Assert.Contains(await largest.NextStatusAsync(), (int?[])[401, 404]);
        }

        using var larger = await SlowUpload.BeginAsync(nginx, 34, request, token: null, Part, limit + 1);
        Assert.Equal(413, await larger.NextStatusAsync());
    }

    // Otherwise the tests above would measure nothing.
    [Fact]
    public async Task Another_body_is_put_aside_until_it_is_complete()
    {
        Requires.Nginx();
        Requires.Servers();
        var nginx = (await edge.StartedAsync()).Nginx;
        using (var body = await SlowUpload.BeginAsync(nginx, 33, "PUT /api/v1/products/1", token: null, Part, Part * 2))
        {
            Assert.Equal(100, await body.NextStatusAsync());
            await Eventually.HoldsAsync("nginx puts the body aside", () => nginx.SpooledBytes() > 0);
        }

        await Eventually.HoldsAsync("nginx removes what it put aside", () => nginx.SpooledBytes() == 0);
    }

    private static MultipartFormDataContent Image() =>
        new() { { new ByteArrayContent([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[Part]]), "file", "cup.png" } };
}
