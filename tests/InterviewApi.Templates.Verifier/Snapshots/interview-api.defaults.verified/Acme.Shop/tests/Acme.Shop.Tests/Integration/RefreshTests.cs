using System.Net;
using Acme.Shop.Core.Data;
using Acme.Shop.Models;
using Acme.Shop.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

public sealed class RefreshTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task A_refresh_gives_new_tokens_that_work()
    {
        var first = await api.SignUpAsync(TestUser.Create());

        var second = await (await _client.RefreshAsync(first.Refresh)).ReadTokensAsync();
        var third = await (await _client.RefreshAsync(second.Refresh)).ReadTokensAsync();

        Assert.Equal(3, new[] { first.Refresh, second.Refresh, third.Refresh }.Distinct().Count());
        Assert.Equal(3, new[] { first.Access, second.Access, third.Access }.Distinct().Count());
        Assert.Equal(HttpStatusCode.OK, (await _client.GetMeAsync(third.Access)).StatusCode);
    }

    [Fact]
    public async Task A_second_use_revokes_the_whole_family()
    {
        var first = await api.SignUpAsync(TestUser.Create());
        var second = await (await _client.RefreshAsync(first.Refresh)).ReadTokensAsync();
        var third = await (await _client.RefreshAsync(second.Refresh)).ReadTokensAsync();

        await (await _client.RefreshAsync(first.Refresh)).ShouldBeUnauthorizedAsync();

        await (await _client.RefreshAsync(third.Refresh)).ShouldBeUnauthorizedAsync();
        await (await _client.GetMeAsync(first.Access)).ShouldBeUnauthorizedAsync();
        await (await _client.GetMeAsync(third.Access)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task Another_session_of_the_same_user_goes_on()
    {
        var user = TestUser.Create();
        var stolen = await api.SignUpAsync(user);
        var other = await (await _client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();

        await _client.RefreshAsync(stolen.Refresh);
        await _client.RefreshAsync(stolen.Refresh);

        Assert.Equal(HttpStatusCode.OK, (await _client.GetMeAsync(other.Access)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _client.RefreshAsync(other.Refresh)).StatusCode);
    }

    [Fact]
    public async Task One_of_many_uses_at_the_same_time_succeeds_and_the_family_is_revoked()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _client.RefreshAsync(tokens.Refresh)));

        var winner = await Assert.Single(responses, response => response.IsSuccessStatusCode).ReadTokensAsync();
        Assert.Equal(49, responses.Count(response => response.StatusCode == HttpStatusCode.Unauthorized));
        await (await _client.RefreshAsync(winner.Refresh)).ShouldBeUnauthorizedAsync();
        await (await _client.GetMeAsync(winner.Access)).ShouldBeUnauthorizedAsync();
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("not base64url: \u00e4")]
    public async Task A_text_that_was_never_issued_is_refused(string text)
    {
        await (await _client.RefreshAsync(text)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task An_access_token_is_no_refresh_token()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        await (await _client.RefreshAsync(tokens.Access)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_session_that_was_not_used_for_its_lifetime_ends_and_is_removed()
    {
        await using var own = new ApiFactory();
        await own.InitializeAsync();
        var client = own.CreateClient();
        var user = TestUser.Create();
        var used = await own.SignUpAsync(user);
        var unused = await (await client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();

        own.Time.Advance(TimeSpan.FromDays(13));
        used = await (await client.RefreshAsync(used.Refresh)).ReadTokensAsync();
        own.Time.Advance(TimeSpan.FromDays(1));

        await (await client.RefreshAsync(unused.Refresh)).ShouldBeUnauthorizedAsync();
        Assert.Equal(2, await CountSessionsAsync(own));
        await client.SignInAsync(user.Username, user.Password);
        Assert.Equal(2, await CountSessionsAsync(own));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(used.Refresh)).StatusCode);
    }

    [Fact]
    public async Task Nothing_stored_can_be_used_as_a_token()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());
        await using var scope = api.Services.CreateAsyncScope();
        var stored = await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<Session>().ToListAsync();

        Assert.DoesNotContain(stored, session => tokens.Refresh.Contains(session.Id, StringComparison.Ordinal));
        Assert.DoesNotContain(stored, session => tokens.Refresh.Contains(session.RefreshTokenHash, StringComparison.Ordinal));
        foreach (var session in stored)
        {
            await (await _client.RefreshAsync(session.Id + session.RefreshTokenHash)).ShouldBeUnauthorizedAsync();
        }
    }

    private static async Task<int> CountSessionsAsync(ApiFactory api)
    {
        await using var scope = api.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<Session>().CountAsync();
    }
}
