using System.Diagnostics;
using System.Net;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Acme.Shop.Tests.Integration;

/// <summary>Prices in other currencies, with an exchange rate service that works, is slow, is wrong, or is down.</summary>
public sealed class ExchangeRateTests : IAsyncLifetime
{
    private RateServer _rates = null!;

    public async ValueTask InitializeAsync() => _rates = await RateServer.StartAsync();

    public ValueTask DisposeAsync() => _rates.DisposeAsync();

    [Fact]
    public async Task A_price_is_converted_and_rounded_to_two_places()
    {
        await using var api = await _rates.Serve(new ApiFactory()).StartAsync();
        var price = await AddProductAsync(api);

        _rates.Answer = RateServer.Rates("""{"rates":{"EUR":0.9204}}""");
        var response = await api.CreateClient().GetAsync($"{price}?currency=eur");

        Assert.Equal("""{"amount":"11.51","currency":"EUR"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("/v1/latest?base=USD&symbols=EUR", Assert.Single(_rates.Requests).Address);
        Assert.Equal("""{"amount":"12.50","currency":"USD"}""", await api.CreateClient().GetStringAsync($"{price}?currency=USD"));
    }

    [Fact]
    public async Task Without_an_address_the_response_names_the_setting()
    {
        await using var api = await new ApiFactory().StartAsync();

        var problem = await (await api.CreateClient().GetAsync($"{Products.V2}/1/price?currency=EUR"))
            .ShouldBeProblemAsync(HttpStatusCode.NotImplemented);

        Assert.Contains("ExchangeRates__BaseUrl", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?currency=")]
    [InlineData("?currency=EURO")]
    [InlineData("?currency=E1R")]
    [InlineData("?currency=EUR%0A")]
    public async Task What_is_not_three_letters_is_refused(string query)
    {
        await using var api = await _rates.Serve(new ApiFactory()).StartAsync();

        await (await api.CreateClient().GetAsync($"{Products.V2}/1/price{query}")).ShouldRefuseAsync("currency");
    }

    [Fact]
    public async Task An_unknown_product_or_currency_is_told_apart()
    {
        await using var api = await _rates.Serve(new ApiFactory()).StartAsync();
        var client = api.CreateClient();
        await (await client.GetAsync($"{Products.V2}/1/price?currency=EUR")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        Assert.Empty(_rates.Requests);
        var price = await AddProductAsync(api);

        await (await client.GetAsync($"{price}?currency=XXA")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity);
        _rates.Answer = Status(404);
        await (await client.GetAsync($"{price}?currency=XXB")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "<html>")]
    [InlineData(200, "null")]
    [InlineData(200, "[]")]
    [InlineData(200, """{"rates":null}""")]
    [InlineData(200, """{"rates":{"EUR":-1}}""")]
    [InlineData(200, """{"rates":{"EUR":0}}""")]
    [InlineData(200, """{"rates":{"EUR":1e12}}""")]
    [InlineData(200, """{"rates":{"EUR":1e99}}""")]
    [InlineData(302, "")]
    [InlineData(401, "")]
    [InlineData(500, "secret-4711")]
    public async Task A_wrong_response_is_a_bad_gateway(int status, string body)
    {
        await using var api = await _rates.Serve(new ApiFactory()).StartAsync();
        var price = await AddProductAsync(api);
        _rates.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/v1/other";
            context.Response.ContentType = "application/json; charset=no-such";
            return context.Response.WriteAsync(body);
        };

        var response = await api.CreateClient().GetAsync($"{price}?currency=EUR");

        await response.ShouldBeProblemAsync(HttpStatusCode.BadGateway);
        Assert.DoesNotContain("4711", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(_rates.Requests, request => request.Address.Contains("other", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_response_without_end_is_not_read_to_its_end()
    {
        await using var api = await _rates.Serve(new ApiFactory()).StartAsync();
        var price = await AddProductAsync(api);
        var written = 0L;
        _rates.Answer = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[8192], context.RequestAborted);
                written += 8192;
            }
        };

        await (await api.CreateClient().GetAsync($"{price}?currency=EUR")).ShouldBeProblemAsync(HttpStatusCode.BadGateway);

        Assert.InRange(written, 0, 128 * 1024 * 1024);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slow_service_is_a_gateway_timeout(bool sendsHeaders)
    {
        await using var api = await _rates.Serve(new ApiFactory(), timeoutSeconds: 1).StartAsync();
        var price = await AddProductAsync(api);
        _rates.Answer = async context =>
        {
            if (sendsHeaders)
            {
                await context.Response.Body.FlushAsync();
            }

            await WaitForDisconnectAsync(context);
        };
        var clock = Stopwatch.StartNew();

        await (await api.CreateClient().GetAsync($"{price}?currency=EUR")).ShouldBeProblemAsync(HttpStatusCode.GatewayTimeout);

        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_service_that_is_down_is_a_bad_gateway()
    {
        await using var api = await _rates.Serve(new ApiFactory()).StartAsync();
        var price = await AddProductAsync(api);
        await _rates.StopAsync();

        await (await api.CreateClient().GetAsync($"{price}?currency=EUR")).ShouldBeProblemAsync(HttpStatusCode.BadGateway);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_attempt_that_fails_or_is_slow_leaves_time_for_another_one(bool isSlow)
    {
        await using var api = await _rates.Serve(new ApiFactory(), timeoutSeconds: 10).StartAsync();
        var price = await AddProductAsync(api);
        var answer = _rates.Answer;
        _rates.Answer = context => _rates.Requests.Count > 1 ? answer(context)
            : isSlow ? WaitForDisconnectAsync(context)
            : Status(503)(context);

        Assert.Equal(HttpStatusCode.OK, (await api.CreateClient().GetAsync($"{price}?currency=EUR")).StatusCode);
        Assert.Equal(2, _rates.Requests.Count);
    }

    [Fact]
    public async Task A_service_that_keeps_failing_is_left_alone()
    {
        await using var api = await _rates.Serve(new ApiFactory()).StartAsync();
        var client = api.CreateClient();
        var price = await AddProductAsync(api);
        _rates.Answer = Status(500);
        for (var i = 0; i < 6; i++)
        {
            await client.GetAsync($"{price}?currency=EUR");
        }

        var before = _rates.Requests.Count;
        for (var i = 0; i < 20; i++)
        {
            await (await client.GetAsync($"{price}?currency=EUR")).ShouldBeProblemAsync(HttpStatusCode.BadGateway);
        }

        Assert.Equal(before, _rates.Requests.Count);
    }

    [Fact]
    public async Task A_client_that_disconnects_ends_the_outgoing_request()
    {
        await using var api = await _rates.Serve(new ApiFactory(), timeoutSeconds: 30).StartAsync();
        var price = await AddProductAsync(api);
        using var disconnecting = new CancellationTokenSource();
        var hasEnded = new TaskCompletionSource();
        _rates.Answer = async context =>
        {
            await disconnecting.CancelAsync();
            await WaitForDisconnectAsync(context);
            hasEnded.SetResult();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => api.CreateClient().GetAsync($"{price}?currency=EUR", disconnecting.Token));

        await hasEnded.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_outgoing_request_is_a_span_of_the_callers_trace()
    {
        const string traceId = "0af7651916cd43dd8448eb211c80319d";
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var api = await _rates.Serve(receiver.CreateApi()).StartAsync();
        var price = await AddProductAsync(api);

        await api.CreateClient().SendAsync(new HttpRequestMessage(HttpMethod.Get, $"{price}?currency=EUR")
            .With("traceparent", $"00-{traceId}-b7ad6b7169203331-01"));

        var spans = await receiver.WaitForTraceAsync(traceId);
        var outgoing = spans.Where(span => span.Kind == Span.Client && span.Text.Contains("127.0.0.1", StringComparison.Ordinal));

        // On a busy machine, an attempt may time out before it reaches the service.
        Assert.NotEmpty(_rates.Requests);
        Assert.All(_rates.Requests, request => Assert.Contains(outgoing, span => request.Trace == $"00-{traceId}-{span.Id}-01"));
    }

    private static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static async Task WaitForDisconnectAsync(HttpContext context) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    // A cup that costs 12.50.
    private static async Task<string> AddProductAsync(ApiFactory api)
    {
        var address = await (await api.CreateWriterAsync()).CreateProductAsync();
        return $"{address.Replace(Products.V1, Products.V2, StringComparison.Ordinal)}/price";
    }
}
