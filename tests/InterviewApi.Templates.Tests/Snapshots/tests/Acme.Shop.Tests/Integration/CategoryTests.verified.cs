using System.Net;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class CategoryTests : IAsyncLifetime
{
    private const string Categories = "/api/v2/categories";

    private readonly ApiFactory _api = new();
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.InitializeAsync();
        _client = await _api.CreateWriterAsync();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Each_category_is_listed_once_in_alphabetical_order()
    {
        Assert.Empty(await ReadAsync());
        await _client.CreateProductAsync(category: "toys");
        await _client.CreateProductAsync(category: "kitchen");
        var address = await _client.CreateProductAsync(category: "kitchen");
        Assert.Equal(["kitchen", "toys"], await ReadAsync());

        await _client.SendTextAsync(HttpMethod.Patch, address, """{"category":"garden"}""");
        Assert.Equal(["garden", "kitchen", "toys"], await ReadAsync());

        await _client.DeleteAsync(address);
        Assert.Equal(["kitchen", "toys"], await ReadAsync());
    }

    [Fact]
    public async Task The_list_may_be_kept_for_five_minutes_and_revalidated()
    {
        await _client.CreateProductAsync();
        var first = await _client.GetAsync(Categories);
        var again = await RevalidateAsync(first.Headers.ETag!.ToString());
        await _client.CreateProductAsync(category: "toys");
        var changed = await RevalidateAsync(first.Headers.ETag!.ToString());

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.NotModified, HttpStatusCode.OK], [first.StatusCode, again.StatusCode, changed.StatusCode]);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.NotEqual(first.Headers.ETag, changed.Headers.ETag);
        Assert.All([first, again, changed], response =>
            Assert.Equal(["max-age=300", "public"], response.Headers.CacheControl!.ToString().Split(", ").Order()));
        await _client.ShouldAnswerHeadLikeGetAsync(Categories);
    }

    [Fact]
    public async Task Another_version_is_a_failed_precondition_that_nobody_keeps()
    {
        var response = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Categories).With("If-Match", "\"old\""));

        await response.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed);
        Assert.Null(response.Headers.CacheControl?.MaxAge);
    }

    private Task<HttpResponseMessage> RevalidateAsync(string tag) =>
        _client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Categories).With("If-None-Match", tag));

    private async Task<string?[]> ReadAsync() =>
        [.. (await _client.GetJsonAsync(Categories)).GetProperty("items").EnumerateArray().Select(category => category.GetString())];
}
