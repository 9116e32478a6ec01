using System.Net;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class UploadRateLimitTests : IAsyncLifetime
{
    private readonly ApiFactory _api = new ApiFactory().WithLimit(100).With("RateLimiting:Upload:PermitLimit", "2");

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Exports_have_a_stricter_limit_of_their_own()
    {
        var client = _api.CreateClient();
        await client.GetAsync($"{Products.V1}/export");
        await client.GetAsync($"{Products.V2}/export");

        var refusal = await client.GetAsync($"{Products.V1}/export");

        await refusal.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal("\"upload\";q=2;w=60", refusal.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal(99, (await client.GetAsync(Products.V1)).RateLimit("r"));
    }

    [Fact]
    public async Task Uploads_are_counted_with_the_exports()
    {
        var writer = await _api.CreateWriterAsync();

        var response = await writer.PutAsync($"{Products.V1}/1/image", new MultipartFormDataContent());

        Assert.Equal("\"upload\";q=2;w=60", response.Headers.GetValues("RateLimit-Policy").Single());
    }
}
