using System.Net;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class ExchangeRateCacheTests : IAsyncLifetime
{
    private readonly ApiFactory _api = new();
    private RateServer _rates = null!;
    private string _price = "";

    public async ValueTask InitializeAsync()
    {
        _rates = await RateServer.StartAsync();
        await _rates.Serve(_api).With("Cache:TtlSeconds", "1").StartAsync();
        var address = await (await _api.CreateWriterAsync()).CreateProductAsync();
        _price = $"{address.Replace(Products.V1, Products.V2, StringComparison.Ordinal)}/price";
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _rates.DisposeAsync();
    }

    [Fact]
    public async Task Concurrent_conversions_request_a_rate_once()
    {
        var client = _api.CreateClient();

        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.GetAsync($"{_price}?currency=EUR")));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Single(_rates.Requests);
    }

    [Fact]
    public async Task While_the_service_fails_an_expired_rate_is_used()
    {
        var client = _api.CreateClient();
        var before = await client.GetStringAsync($"{_price}?currency=EUR");
        await _rates.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(1.5));

        Assert.Equal(before, await client.GetStringAsync($"{_price}?currency=EUR"));
        Assert.Equal(HttpStatusCode.BadGateway, (await client.GetAsync($"{_price}?currency=CHF")).StatusCode);
    }
}
