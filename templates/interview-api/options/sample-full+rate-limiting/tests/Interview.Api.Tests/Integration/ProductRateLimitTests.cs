using System.Net;
using InterviewApi.Tests.Support;

namespace InterviewApi.Tests.Integration;

public sealed class ProductRateLimitTests : IAsyncLifetime
{
    private readonly ApiFactory _api = new ApiFactory()
        .WithLimit(100)
        .With("RateLimiting:Search:PermitLimit", "2")
        .With("RateLimiting:Upload:PermitLimit", "2");

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Searches_of_both_versions_share_a_limit_that_other_lists_do_not_count_against()
    {
        var client = _api.CreateClient();
        await client.GetAsync($"{Products.V1}?q=cup");
        await client.GetAsync($"{Products.V2}?Q=cup&limit=1");

        var refusal = await client.GetAsync($"{Products.V1}?limit=1&q=c");

        await refusal.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal("\"search\";q=2;w=60", refusal.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal(99, (await client.GetAsync($"{Products.V1}?q=")).RateLimit("r"));
        Assert.Equal(98, (await client.GetAsync($"{Products.V2}?category=q")).RateLimit("r"));
    }

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
