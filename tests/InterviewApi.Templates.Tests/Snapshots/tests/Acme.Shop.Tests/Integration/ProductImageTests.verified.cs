using System.Net;
using System.Net.Http.Headers;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class ProductImageTests : IAsyncLifetime
{
    private readonly TemporaryFolder _uploads = new();
    private readonly ApiFactory _api = new();

    public static TheoryData<byte[], string> Formats { get; } = new()
    {
        { Images.Png(), "image/png" },
        { Images.Jpeg(), "image/jpeg" },
        { Images.Gif(), "image/gif" },
        { Images.WebP(), "image/webp" },
    };

    public ValueTask InitializeAsync() => _api.With("Uploads:Path", _uploads.Path).InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _uploads.Dispose();
    }

    [Fact]
    public async Task The_address_of_an_image_contains_the_path_prefix_under_which_clients_reach_the_API()
    {
        await using var published = await new ApiFactory()
            .With("Uploads:Path", _uploads.Path)
            .With("ForwardedHeaders:PathBase", "/shop").StartAsync();
        var client = await published.CreateWriterAsync();
        var product = await client.CreateProductAsync();

        var created = await client.PutImageAsync(product, Images.Png());

        Assert.Equal($"{product}/image", created.Headers.Location!.ToString());
        Assert.StartsWith("/shop/", product, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task An_image_is_served_as_what_it_is(byte[] content, string contentType)
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();

        var created = await client.PutImageAsync(product, content, "photo.txt");
        var image = await client.GetAsync(product + "/image");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal($"{product}/image", created.Headers.Location!.ToString());
        Assert.Equal(contentType, image.Content.Headers.ContentType!.ToString());
        Assert.Equal(content, await image.Content.ReadAsByteArrayAsync());
        Assert.Equal("nosniff", Assert.Single(image.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("attachment", image.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(created.Headers.ETag, image.Headers.ETag);
        Assert.False(image.Headers.ETag!.IsWeak);
        Assert.True(image.Headers.CacheControl!.NoCache);
    }

    [Fact]
    public async Task A_client_reads_a_range_and_does_not_read_an_image_twice()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        var tag = (await client.PutImageAsync(product, Images.Png())).Headers.ETag!;

        var range = new HttpRequestMessage(HttpMethod.Get, product + "/image");
        range.Headers.Range = new RangeHeaderValue(10, 19);
        var part = await client.SendAsync(range);
        var other = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, product + "/image").With("Range", "lines=1-2"));
        var again = new HttpRequestMessage(HttpMethod.Get, product + "/image");
        again.Headers.IfNoneMatch.Add(tag);
        var unchanged = await client.SendAsync(again);

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(Images.Png()[10..20], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task A_range_that_the_image_does_not_have_is_a_problem()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        await client.PutImageAsync(product, Images.Png());

        var response = await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, product + "/image").With("Range", "bytes=1000-"));

        await response.ShouldBeProblemAsync(HttpStatusCode.RequestedRangeNotSatisfiable);
        Assert.Equal("bytes */100", response.Content.Headers.GetValues("Content-Range").Single());
    }

    // {tag} is the tag of the current image, and {modified} its date.
    [Theory]
    [InlineData("If-Match", "{tag}", true)]
    [InlineData("If-Match", "*", true)]
    [InlineData("If-Match", "\"other\", {tag}", true)]
    [InlineData("If-Match", "\"other\"", false)]
    [InlineData("If-Match", "W/{tag}", false)]
    [InlineData("If-Match", ",", false)]
    [InlineData("If-None-Match", "*", false)]
    [InlineData("If-None-Match", "{tag}", false)]
    [InlineData("If-None-Match", "\"other\"", true)]
    [InlineData("If-Unmodified-Since", "{modified}", true)]
    [InlineData("If-Unmodified-Since", "yesterday", true)]
    [InlineData("If-Unmodified-Since", "Mon, 01 Jan 2001 00:00:00 GMT", false)]
    public async Task A_change_of_an_image_has_preconditions(string header, string value, bool isAllowed)
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        var image = product + "/image";

        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete })
        {
            var tag = (await client.PutImageAsync(product, Images.Png())).Headers.ETag!.ToString();
            var modified = $"{(await client.GetAsync(image)).Content.Headers.LastModified:R}";
            var request = new HttpRequestMessage(method, image)
            {
                Content = method == HttpMethod.Put ? Images.Form(Images.Gif()) : null,
            };

            var response = await client.SendAsync(request.With(header, value
                .Replace("{tag}", tag, StringComparison.Ordinal)
                .Replace("{modified}", modified, StringComparison.Ordinal)));

            if (isAllowed)
            {
                Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            }
            else
            {
                await response.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed);
                Assert.Equal(tag, (await client.GetAsync(image)).Headers.ETag!.ToString());
                Assert.Single(_uploads.Files);
            }
        }
    }

    [Fact]
    public async Task The_first_image_has_preconditions()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();

        var refused = await PutAsync("If-Match", "*");
        var created = await PutAsync("If-None-Match", "*");
        var again = await PutAsync("If-None-Match", "*");
        var read = await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, product + "/image").With("If-Match", "\"other\""));

        await refused.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        await again.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed);
        await read.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed);
        read = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, product + "/image")
            .With("If-Unmodified-Since", "Mon, 01 Jan 2001 00:00:00 GMT"));
        await read.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed);

        Task<HttpResponseMessage> PutAsync(string header, string value) => client.SendAsync(
            new HttpRequestMessage(HttpMethod.Put, product + "/image") { Content = Images.Form(Images.Png()) }.With(header, value));
    }

    [Fact]
    public async Task A_new_image_takes_the_place_of_the_old_one_in_every_version()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        var old = (await client.PutImageAsync(product, Images.Png())).Headers.ETag;

        var replaced = await client.PutImageAsync(product.Replace("/v1/", "/v2/", StringComparison.Ordinal), Images.Gif());

        Assert.Equal(HttpStatusCode.NoContent, replaced.StatusCode);
        Assert.NotEqual(old, replaced.Headers.ETag);
        Assert.Equal(Images.Gif(), await client.GetByteArrayAsync(product + "/image"));
        Assert.Equal(".gif", Path.GetExtension(Assert.Single(_uploads.Files)));
    }

    [Fact]
    public async Task An_image_goes_away_by_itself_and_with_its_product()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        var image = product + "/image";
        await (await client.GetAsync(image)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await client.DeleteAsync(image)).ShouldBeProblemAsync(HttpStatusCode.NotFound);

        await client.PutImageAsync(product, Images.Png());
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(image)).StatusCode);
        Assert.Empty(_uploads.Files);
        await (await client.GetAsync(image)).ShouldBeProblemAsync(HttpStatusCode.NotFound);

        await client.PutImageAsync(product, Images.Png());
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(product)).StatusCode);
        Assert.Empty(_uploads.Files);
        await (await client.GetAsync(image)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await client.PutImageAsync(product, Images.Png())).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("abc")]
    public async Task The_image_of_an_id_that_nothing_has_is_not_found(string id)
    {
        var client = await _api.CreateWriterAsync();
        await client.CreateProductAsync();

        await (await client.GetAsync($"{Products.V1}/{id}/image")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task HEAD_is_GET_without_the_body()
    {
        await using var network = await new ApiFactory().With("Uploads:Path", _uploads.Path).OnNetwork().StartAsync();
        var client = await network.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        await client.PutImageAsync(product, Images.Png());

        await client.ShouldAnswerHeadLikeGetAsync(product + "/image");
        await client.ShouldAnswerHeadLikeGetAsync(Products.V1 + "/export");
    }

    [Fact]
    public async Task Of_many_uploads_at_once_one_image_remains()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();

        var responses = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(number => client.PutImageAsync(product, Images.Png(1000 + number))));

        Assert.All(responses, response => Assert.True(
            response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.Conflict, response.ToString()));
        var stored = await File.ReadAllBytesAsync(Assert.Single(_uploads.Files));
        Assert.Equal(stored, await client.GetByteArrayAsync(product + "/image"));
    }
}
