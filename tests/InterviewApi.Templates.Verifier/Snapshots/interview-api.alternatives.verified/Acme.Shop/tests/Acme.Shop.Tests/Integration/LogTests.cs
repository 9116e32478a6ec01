using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class LogTests
{
    [Fact]
    public async Task Each_line_of_a_request_carries_its_ids()
    {
        const string requestId = "order-4711";
        const string traceId = "0af7651916cd43dd8448eb211c80319c";
        var log = new LogRecorder();
        await using var api = new ApiFactory().With("Logging:LogLevel:Default", "Information").LogTo(log);
        await api.InitializeAsync();

        await api.CreateClient().SendAsync(new HttpRequestMessage(HttpMethod.Get, "/unknown%0Aforged")
            .With("X-Request-ID", requestId)
            .With("traceparent", $"00-{traceId}-b7ad6b7169203331-01"));

        var line = Assert.Single(log.Lines, line => line.Message.Contains("answered 404", StringComparison.Ordinal));
        Assert.Contains(requestId, line.Scopes, StringComparison.Ordinal);
        Assert.Contains(traceId, line.Scopes, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line.Message);
    }
}
