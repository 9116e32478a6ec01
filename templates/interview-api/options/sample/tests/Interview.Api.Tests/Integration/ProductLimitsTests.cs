using System.Net;
using System.Text;
using InterviewApi.Tests.Support;

namespace InterviewApi.Tests.Integration;

public sealed class ProductLimitsTests : IAsyncLifetime
{
    private readonly ApiFactory _api = new ApiFactory().OnNetwork();

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        var client = await _api.CreateWriterAsync();

        // The client asks first: a refusal while it still sends could get lost with the connection.
        var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, Products.V1)
        {
            Content = new StringContent(new string(' ', (1024 * 1024) + 1), Encoding.UTF8, "application/json"),
        }.With("Expect", "100-continue"));

        await response.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Deeply_nested_json_is_refused()
    {
        var client = await _api.CreateWriterAsync();

        var response = await client.SendTextAsync(
            HttpMethod.Post, Products.V1, $$"""{"name":{{new string('[', 10_000)}}}""");

        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }
}
