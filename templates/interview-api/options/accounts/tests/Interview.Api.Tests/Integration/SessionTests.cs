using System.Net;
using InterviewApi.Core.Data;
using InterviewApi.Models;
using InterviewApi.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace InterviewApi.Tests.Integration;

/// <summary>Refresh, expiration and logout.</summary>
public sealed class SessionTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static readonly TimeSpan AfterGrace = TimeSpan.FromSeconds(11);

    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task Logout_needs_a_token()
    {
        await (await _client.PostAsync(Accounts.Logout, null)).ShouldBeUnauthorizedAsync();
    }

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
    public async Task A_refresh_whose_response_was_lost_can_be_repeated_for_a_short_time()
    {
        await using var own = await new ApiFactory().StartAsync();
        var client = own.CreateClient();
        var first = await own.SignUpAsync(TestUser.Create());
        var lost = await (await client.RefreshAsync(first.Refresh)).ReadTokensAsync();

        own.Time.Advance(TimeSpan.FromSeconds(8));
        var repeated = await (await client.RefreshAsync(first.Refresh)).ReadTokensAsync();

        Assert.Equal(lost.Refresh, repeated.Refresh);
        Assert.Equal(HttpStatusCode.OK, (await client.GetMeAsync(repeated.Access)).StatusCode);
        var third = await (await client.RefreshAsync(repeated.Refresh)).ReadTokensAsync();

        own.Time.Advance(AfterGrace);
        await (await client.RefreshAsync(repeated.Refresh)).ShouldBeUnauthorizedAsync();
        await (await client.RefreshAsync(third.Refresh)).ShouldBeUnauthorizedAsync();
        await (await client.GetMeAsync(third.Access)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_token_older_than_the_previous_one_is_reuse_even_within_the_grace()
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
    public async Task Concurrent_refreshes_with_one_token_get_the_same_successor()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());

        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _client.RefreshAsync(tokens.Refresh)));

        var successors = await Task.WhenAll(responses.Select(response => response.ReadTokensAsync()));
        var successor = Assert.Single(successors.Select(pair => pair.Refresh).Distinct());
        Assert.Equal(HttpStatusCode.OK, (await _client.RefreshAsync(successor)).StatusCode);
    }

    [Fact]
    public async Task Without_a_grace_one_of_many_refreshes_succeeds_and_the_family_is_revoked()
    {
        await using var own = await new ApiFactory().With("Jwt:RefreshGraceSeconds", "0").StartAsync();
        var client = own.CreateClient();
        var tokens = await own.SignUpAsync(TestUser.Create());

        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.RefreshAsync(tokens.Refresh)));

        var winner = await Assert.Single(responses, response => response.IsSuccessStatusCode).ReadTokensAsync();
        Assert.Equal(49, responses.Count(response => response.StatusCode == HttpStatusCode.Unauthorized));
        await (await client.RefreshAsync(winner.Refresh)).ShouldBeUnauthorizedAsync();
        await (await client.GetMeAsync(winner.Access)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task Reuse_ends_no_other_session_of_the_user()
    {
        await using var own = await new ApiFactory().With("Jwt:RefreshGraceSeconds", "0").StartAsync();
        var client = own.CreateClient();
        var user = TestUser.Create();
        var stolen = await own.SignUpAsync(user);
        var other = await (await client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();

        await client.RefreshAsync(stolen.Refresh);
        await (await client.RefreshAsync(stolen.Refresh)).ShouldBeUnauthorizedAsync();

        Assert.Equal(HttpStatusCode.OK, (await client.GetMeAsync(other.Access)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(other.Refresh)).StatusCode);
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
    public async Task An_unused_session_expires_and_is_deleted()
    {
        await using var own = await new ApiFactory().StartAsync();
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
    public async Task A_session_ends_on_its_last_day_however_often_it_is_refreshed()
    {
        await using var own = await new ApiFactory().With("Jwt:SessionDays", "20").StartAsync();
        var client = own.CreateClient();
        var tokens = await own.SignUpAsync(TestUser.Create());

        own.Time.Advance(TimeSpan.FromDays(10));
        tokens = await (await client.RefreshAsync(tokens.Refresh)).ReadTokensAsync();
        own.Time.Advance(TimeSpan.FromDays(9));
        tokens = await (await client.RefreshAsync(tokens.Refresh)).ReadTokensAsync();
        own.Time.Advance(TimeSpan.FromDays(1));

        await (await client.RefreshAsync(tokens.Refresh)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_login_beyond_the_session_limit_revokes_the_least_recently_used_session()
    {
        await using var own = await new ApiFactory().With("Jwt:MaxSessionsPerUser", "2").StartAsync();
        var client = own.CreateClient();
        var user = TestUser.Create();
        var other = await own.SignUpAsync(TestUser.Create());
        var first = await own.SignUpAsync(user);
        own.Time.Advance(AfterGrace);
        var second = await (await client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();
        own.Time.Advance(AfterGrace);
        first = await (await client.RefreshAsync(first.Refresh)).ReadTokensAsync();
        own.Time.Advance(AfterGrace);

        var third = await (await client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();

        await (await client.GetMeAsync(second.Access)).ShouldBeUnauthorizedAsync();
        foreach (var kept in new[] { other, first, third })
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetMeAsync(kept.Access)).StatusCode);
        }
    }

    [Fact]
    public async Task Nothing_stored_can_be_used_as_a_token()
    {
        var tokens = await api.SignUpAsync(TestUser.Create());
        tokens = await (await _client.RefreshAsync(tokens.Refresh)).ReadTokensAsync();
        await using var scope = api.Services.CreateAsyncScope();
        var stored = await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<Session>().ToListAsync();

        foreach (var session in stored)
        {
            Assert.DoesNotContain(session.Id, tokens.Refresh, StringComparison.Ordinal);
            Assert.DoesNotContain(session.RefreshTokenHash, tokens.Refresh, StringComparison.Ordinal);
            await (await _client.RefreshAsync(session.Id + session.RefreshTokenHash)).ShouldBeUnauthorizedAsync();
        }
    }

    [Fact]
    public async Task Logout_ends_the_session_and_all_its_tokens()
    {
        var first = await api.SignUpAsync(TestUser.Create());
        var second = await (await _client.RefreshAsync(first.Refresh)).ReadTokensAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await _client.LogoutAsync(second.Access)).StatusCode);

        await (await _client.GetMeAsync(second.Access)).ShouldBeUnauthorizedAsync();
        await (await _client.GetMeAsync(first.Access)).ShouldBeUnauthorizedAsync();
        await (await _client.RefreshAsync(first.Refresh)).ShouldBeUnauthorizedAsync();
        await (await _client.RefreshAsync(second.Refresh)).ShouldBeUnauthorizedAsync();
        await (await _client.LogoutAsync(second.Access)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task Logout_ends_no_other_session_of_the_user()
    {
        var user = TestUser.Create();
        var first = await api.SignUpAsync(user);
        var other = await (await _client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();

        await _client.LogoutAsync(first.Access);

        Assert.Equal(HttpStatusCode.OK, (await _client.GetMeAsync(other.Access)).StatusCode);
    }

    [Fact]
    public async Task Logout_takes_effect_at_once_on_every_instance()
    {
        var database = api.Services.GetRequiredService<IConfiguration>()["ConnectionStrings:Database"];
        await using var otherInstance = new ApiFactory().With("ConnectionStrings:Database", database);
        var otherClient = otherInstance.CreateClient();
        var tokens = await api.SignUpAsync(TestUser.Create());
        Assert.Equal(HttpStatusCode.OK, (await otherClient.GetMeAsync(tokens.Access)).StatusCode);

        await _client.LogoutAsync(tokens.Access);

        await (await otherClient.GetMeAsync(tokens.Access)).ShouldBeUnauthorizedAsync();
        await (await otherClient.RefreshAsync(tokens.Refresh)).ShouldBeUnauthorizedAsync();
    }

    private static async Task<int> CountSessionsAsync(ApiFactory api)
    {
        await using var scope = api.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<Session>().CountAsync();
    }
}
