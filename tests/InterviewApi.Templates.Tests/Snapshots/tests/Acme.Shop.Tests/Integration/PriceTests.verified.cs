using System.Net;
using Acme.Shop.Dependencies;
using Acme.Shop.Services;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Integration;

/// <summary>The whole application, with a stub in place of the network: fast, and without a server.</summary>
public sealed class PriceTests : IAsyncLifetime
{
    private readonly StubHandler _stub = new();
    private readonly ApiFactory _api;

    public PriceTests() => _api = new ApiFactory()
        .With("ExchangeRates:BaseUrl", "https://rates.example.com/v1")
        .Configure(services => services.AddHttpClient(nameof(ExchangeRates)).ConfigurePrimaryHttpMessageHandler(() => _stub));

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("1", "12.50")]
    [InlineData("0.9204", "11.51")]
    [InlineData("0.0004", "0.01")]
    [InlineData("0.0001", "0.00")]
    [InlineData("150.0004", "1875.01")]
    public async Task A_price_is_rounded_to_two_places(string rate, string amount)
    {
        var address = await (await _api.CreateWriterAsync()).CreateProductAsync();
        _stub.Body = $$$"""{"rates":{"JPY":{{{rate}}}}}""";

        var price = await _api.CreateClient().GetJsonAsync($"{address.Replace("v1", "v2", StringComparison.Ordinal)}/price?currency=JPY");

        Assert.Equal(amount, price.GetProperty("amount").GetString());
        Assert.Equal("https://rates.example.com/v1/latest?base=USD&symbols=JPY", _stub.LastAddress);
    }

    [Theory]
    [InlineData("BaseUrl", "rates.example.com")]
    [InlineData("BaseUrl", "ftp://rates.example.com")]
    [InlineData("BaseUrl", "https://user:secret-4711@rates.example.com")]
    [InlineData("BaseUrl", "https://rates.example.com/?key=secret-4711")]
    [InlineData("TimeoutSeconds", "0")]
    [InlineData("TimeoutSeconds", "31")]
    public void A_wrong_setting_is_reported_by_its_name(string setting, string value)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration[$"ExchangeRates:{setting}"] = value;
        builder.Services.AddExchangeRates();
        using var provider = builder.Services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);

        var failure = Assert.Single(exception.Failures);
        Assert.StartsWith($"ExchangeRates__{setting}: ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", failure, StringComparison.Ordinal);
    }

    private sealed class StubHandler : HttpMessageHandler
    {
        public string Body { get; set; } = "";

        public string? LastAddress { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            LastAddress = request.RequestUri?.ToString();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Body) });
        }
    }
}
