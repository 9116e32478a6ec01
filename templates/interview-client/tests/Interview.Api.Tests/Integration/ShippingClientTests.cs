using System.Net;
using InterviewApi.Dependencies;
using InterviewApi.Services;
using InterviewApi.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace InterviewApi.Tests.Integration;

/// <summary>The shipping service works, is slow, is wrong, or is down.</summary>
public sealed class ShippingClientTests
{
    [Fact]
    public async Task It_is_registered_and_configured_by_its_settings()
    {
        await using var api = new ApiFactory().With("Shipping:BaseUrl", "https://service.example/v1");

        var client = api.Services.GetService<ShippingClient>();

        Assert.True(client is not null, "Program.cs lacks: builder.Services.AddShipping();");
        Assert.True(client.IsConfigured);
    }

    [Fact]
    public async Task A_document_is_read_from_below_the_address()
    {
        var service = new Service(_ => Answer(HttpStatusCode.OK, """{"name":"Cup"}"""));

        var document = await service.Client().FindAsync<Document>("documents/1", TestContext.Current.CancellationToken);

        Assert.Equal("Cup", document?.Name);
        Assert.Equal("https://service.example/v1/documents/1", Assert.Single(service.Requests));
    }

    [Fact]
    public async Task What_the_service_does_not_have_is_null() => Assert.Null(
        await new Service(_ => Answer(HttpStatusCode.NotFound, "")).Client().FindAsync<Document>(
            "documents/1", TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_transient_fault_is_retried()
    {
        var service = new Service(number =>
            number == 1 ? Answer(HttpStatusCode.ServiceUnavailable, "") : Answer(HttpStatusCode.OK, """{"name":"Cup"}"""));

        Assert.NotNull(await service.Client().FindAsync<Document>("documents/1", TestContext.Current.CancellationToken));
        Assert.Equal(2, service.Requests.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "<html>")]
    [InlineData(HttpStatusCode.OK, "null")]
    [InlineData(HttpStatusCode.Found, "")]
    [InlineData(HttpStatusCode.Unauthorized, "")]
    [InlineData(HttpStatusCode.InternalServerError, "")]
    public async Task A_wrong_response_is_a_failure(HttpStatusCode status, string body)
    {
        var client = new Service(_ => Answer(status, body)).Client();

        var failure = await Assert.ThrowsAsync<ShippingException>(
            () => client.FindAsync<Document>("documents/1", TestContext.Current.CancellationToken));

        Assert.False(failure.IsTimeout);
    }

    [Fact]
    public async Task A_slow_response_is_a_timeout()
    {
        var client = new Service(async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return Answer(HttpStatusCode.OK, "{}");
        }).Client();

        var failure = await Assert.ThrowsAsync<ShippingException>(
            () => client.FindAsync<Document>("documents/1", TestContext.Current.CancellationToken));

        Assert.True(failure.IsTimeout);
    }

    [Fact]
    public async Task A_service_that_keeps_failing_is_left_alone()
    {
        var service = new Service(_ => Answer(HttpStatusCode.InternalServerError, ""));
        var client = service.Client();
        for (var i = 0; i < 6; i++)
        {
            await Assert.ThrowsAsync<ShippingException>(
                () => client.FindAsync<Document>("documents/1", TestContext.Current.CancellationToken));
        }

        var before = service.Requests.Count;
        await Assert.ThrowsAsync<ShippingException>(() => client.FindAsync<Document>("documents/1", TestContext.Current.CancellationToken));

        Assert.Equal(before, service.Requests.Count);
    }

    [Theory]
    [InlineData("BaseUrl", "service.example")]
    [InlineData("BaseUrl", "ftp://service.example")]
    [InlineData("BaseUrl", "https://user:secret@service.example")]
    [InlineData("TimeoutSeconds", "0")]
    [InlineData("TimeoutSeconds", "31")]
    public void A_wrong_setting_is_reported_by_its_name(string setting, string value)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration[$"Shipping:{setting}"] = value;
        builder.Services.AddShipping();
        using var provider = builder.Services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);

        Assert.StartsWith($"Shipping__{setting}: ", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body) => new(status) { Content = new StringContent(body) };

    private sealed record Document(string Name);

    // In place of the network, below the whole pipeline of the registration.
    private sealed class Service(Func<int, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        public Service(Func<int, HttpResponseMessage> answer)
            : this((number, _) => Task.FromResult(answer(number)))
        {
        }

        public List<string> Requests { get; } = [];

        public ShippingClient Client()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Configuration["Shipping:BaseUrl"] = "https://service.example/v1";
            builder.Configuration["Shipping:TimeoutSeconds"] = "2";
            builder.Services.AddShipping();
            builder.Services.AddHttpClient<ShippingClient>().ConfigurePrimaryHttpMessageHandler(() => this);
            return builder.Services.BuildServiceProvider().GetRequiredService<ShippingClient>();
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(request.RequestUri!.ToString());
            return answer(Requests.Count, cancellationToken);
        }
    }
}
