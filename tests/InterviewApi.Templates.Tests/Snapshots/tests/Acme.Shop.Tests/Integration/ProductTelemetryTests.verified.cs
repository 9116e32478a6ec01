using System.Net.Http.Json;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

/// <summary>A request for a product as a trace.</summary>
public sealed class ProductTelemetryTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task A_write_is_a_span_of_the_server_above_spans_of_the_database()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var api = receiver.CreateApi();
        await api.InitializeAsync();
        var client = await api.CreateWriterAsync();

        await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, Products.V1) { Content = JsonContent.Create(Products.Cup("Secret 4711")) }
            .With("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01"));

        var spans = await receiver.WaitForTraceAsync(TraceId);
        var request = Assert.Single(spans, span => span.Kind == Span.Server);
        Assert.StartsWith($"POST {Products.V1}", request.Name, StringComparison.Ordinal);
        Assert.Contains(spans, span => span.Kind == Span.Client
            && span.ParentId == request.Id
            && span.Text.Contains("INSERT INTO \"Products\"", StringComparison.Ordinal));

        // Neither the values of a command nor how to connect.
        Assert.DoesNotContain(receiver.Everything, message => message.Contains("Secret 4711"));
        Assert.DoesNotContain(spans, span => span.Text.Contains(api.Database.ConnectionString, StringComparison.Ordinal));
    }
}
