using System.Diagnostics;
using System.Net;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

/// <summary>An issuer that changes its keys, is slow, or is unavailable.</summary>
public sealed class IssuerKeyTests : IAsyncLifetime
{
    private TestIssuer _issuer = null!;

    public async ValueTask InitializeAsync() => _issuer = await TestIssuer.StartAsync();

    public ValueTask DisposeAsync() => _issuer.DisposeAsync();

    [Fact]
    public async Task A_token_with_a_new_key_is_accepted_soon_and_one_with_the_old_key_still_is()
    {
        await using var api = await StartAsync();
        var client = api.CreateClient();
        var old = await _issuer.SignInAsync(TestUser.Create());
        await BecomesAsync(HttpStatusCode.OK, client, old);

        await _issuer.RestartAsync(TestIssuer.CreateKey(), _issuer.Keys[0]);
        var fresh = await _issuer.SignInAsync(TestUser.Create());

        await BecomesAsync(HttpStatusCode.OK, client, fresh);
        Assert.Equal(HttpStatusCode.OK, (await client.GetMeAsync(old.Access)).StatusCode);
    }

    [Fact]
    public async Task A_key_that_the_issuer_has_removed_is_not_accepted()
    {
        await using var api = await StartAsync();
        var client = api.CreateClient();
        var old = await _issuer.SignInAsync(TestUser.Create());
        await BecomesAsync(HttpStatusCode.OK, client, old);

        await _issuer.RestartAsync(TestIssuer.CreateKey());
        var fresh = await _issuer.SignInAsync(TestUser.Create());

        await BecomesAsync(HttpStatusCode.OK, client, fresh);
        await (await client.GetMeAsync(old.Access)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task Many_unknown_keys_cost_the_issuer_one_request()
    {
        await using var api = await StartAsync();
        var client = api.CreateClient();
        var tokens = await _issuer.SignInAsync(TestUser.Create());
        await BecomesAsync(HttpStatusCode.OK, client, tokens);
        var before = _issuer.Discoveries;

        for (var attempt = 0; attempt < 200; attempt++)
        {
            var token = new SignedToken(tokens.Access);
            token.Header["kid"] = $"unknown-{attempt}";
            await (await client.GetMeAsync(_issuer.Sign(token))).ShouldBeUnauthorizedAsync();
        }

        await BecomesAsync(HttpStatusCode.OK, client, tokens);
        Assert.InRange(_issuer.Discoveries - before, 0, 1);
    }

    [Fact]
    public async Task Without_the_issuer_known_keys_are_accepted_and_unknown_ones_refused()
    {
        await using var api = await StartAsync();
        var client = api.CreateClient();
        var tokens = await _issuer.SignInAsync(TestUser.Create());
        await BecomesAsync(HttpStatusCode.OK, client, tokens);
        await _issuer.StopAsync();

        Assert.Equal(HttpStatusCode.OK, (await client.GetMeAsync(tokens.Access)).StatusCode);
        var token = new SignedToken(tokens.Access);
        token.Header["kid"] = "unknown";
        await (await client.GetMeAsync(_issuer.Sign(token))).ShouldBeUnauthorizedAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.GetMeAsync(tokens.Access)).StatusCode);
    }

    [Fact]
    public async Task An_issuer_that_is_away_stops_no_start_and_admits_nobody()
    {
        var tokens = await _issuer.SignInAsync(TestUser.Create());
        await _issuer.StopAsync();
        await using var api = await StartAsync();
        var client = api.CreateClient();

        var response = await client.GetMeAsync(tokens.Access);

        await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(response.Headers.RetryAfter);
        await (await client.GetAsync(TestTokens.Me)).ShouldBeUnauthorizedAsync();
        Assert.Equal(("Degraded", HttpStatusCode.OK), await ReadinessOfAsync(client));

        await _issuer.RestartAsync();
        await BecomesAsync(HttpStatusCode.OK, client, tokens);
        Assert.Equal(("Healthy", HttpStatusCode.OK), await ReadinessOfAsync(client));
    }

    [Fact]
    public async Task An_issuer_that_is_slow_makes_no_request_wait()
    {
        _issuer.Delay = TimeSpan.FromMinutes(1);
        await using var api = await StartAsync();
        var client = api.CreateClient();
        var tokens = await _issuer.SignInAsync(TestUser.Create());
        var started = Stopwatch.GetTimestamp();

        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.GetMeAsync(tokens.Access)));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task A_slow_refresh_makes_no_request_wait()
    {
        await using var api = await StartAsync();
        var client = api.CreateClient();
        var tokens = await _issuer.SignInAsync(TestUser.Create());
        await BecomesAsync(HttpStatusCode.OK, client, tokens);
        _issuer.Delay = TimeSpan.FromMinutes(1);
        var token = new SignedToken(tokens.Access);
        token.Header["kid"] = "unknown";
        var started = Stopwatch.GetTimestamp();

        await (await client.GetMeAsync(_issuer.Sign(token))).ShouldBeUnauthorizedAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.GetMeAsync(tokens.Access)).StatusCode);

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    private Task<ApiFactory> StartAsync() => new ApiFactory().With("Auth:Authority", _issuer.Url).StartAsync();

    private static Task BecomesAsync(HttpStatusCode expected, HttpClient client, Tokens tokens) =>
        Eventually.HoldsAsync(async () => (await client.GetMeAsync(tokens.Access)).StatusCode == expected);

    private static async Task<(string?, HttpStatusCode)> ReadinessOfAsync(HttpClient client)
    {
        var response = await client.GetAsync("/health/ready");
        return ((await response.ReadJsonAsync()).GetProperty("checks").GetProperty("issuer").GetString(), response.StatusCode);
    }
}
