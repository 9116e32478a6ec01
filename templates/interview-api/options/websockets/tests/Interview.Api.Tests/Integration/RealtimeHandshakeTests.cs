using System.Net;
using InterviewApi.Tests.Support;

namespace InterviewApi.Tests.Integration;

public sealed class RealtimeHandshakeTests : IAsyncLifetime
{
    private readonly ApiFactory _api = new();
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        await _api
            .With("Cors:AllowedOrigins:0", "https://app.example.com")
            .With("WebSockets:MaxConnections", "2")
            .OnNetwork()
            .InitializeAsync();
        _client = await _api.CreateWriterAsync();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("https://app.example.com.evil.com")]
    [InlineData("http://app.example.com")]
    [InlineData("http://localhost:1")]
    [InlineData("null")]
    public async Task A_page_of_a_foreign_origin_is_refused(string origin) =>
        Assert.Equal(403, await SocketClient.RefusalOfAsync(_client, origin));

    [Fact]
    public async Task A_page_of_an_allowed_or_the_own_origin_connects()
    {
        using var allowed = await SocketClient.ConnectAsync(_client, "https://app.example.com");
        using var own = await SocketClient.ConnectAsync(_client, _client.BaseAddress!.GetLeftPart(UriPartial.Authority));

        await own.SubscribeAsync("lobby");
    }

    [Fact]
    public async Task An_instance_holds_so_many_connections_and_no_more()
    {
        var first = await SocketClient.ConnectAsync(_client);
        using var second = await SocketClient.ConnectAsync(_client);
        Assert.Equal(503, await SocketClient.RefusalOfAsync(_client));

        first.Socket.Abort();

        using var third = await ConnectWhenPossibleAsync();
        await third.SubscribeAsync("lobby");
    }

    [Fact]
    public async Task Any_other_request_is_told_to_upgrade()
    {
        var response = await _client.GetAsync("/ws");

        await response.ShouldBeProblemAsync(HttpStatusCode.UpgradeRequired);
        Assert.Equal("websocket", response.Headers.Upgrade.ToString());
        await (await _client.PostAsync("/ws", null)).ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed);
    }

    private async Task<SocketClient> ConnectWhenPossibleAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                return await SocketClient.ConnectAsync(_client);
            }
            catch (System.Net.WebSockets.WebSocketException)
            {
                await Task.Delay(50, timeout.Token);
            }
        }
    }
}
