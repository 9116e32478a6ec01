using System.Net;
using System.Net.Http.Json;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

/// <summary>Refused changes of a password, and the sessions of a user: their list, the end of one, and of all.</summary>
public sealed class PasswordChangeTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string NewPassword = "a quite different staple";

    private readonly HttpClient _client = api.CreateClient();
    private readonly TestUser _user = TestUser.Create();

    [Theory]
    [InlineData("wrong password", NewPassword, "currentPassword")]
    [InlineData("correct horse battery staple", "short", "newPassword")]
    [InlineData("correct horse battery staple", "qwertyuiop", "newPassword")]
    [InlineData("correct horse battery staple", null, "newPassword")]
    [InlineData(null, NewPassword, "currentPassword")]
    public async Task A_change_that_is_refused_changes_nothing(string? current, string? password, string field)
    {
        var tokens = await api.SignUpAsync(_user);

        await (await ChangeAsync(tokens, current, password)).ShouldRefuseAsync(field);

        Assert.Equal(HttpStatusCode.OK, (await _client.SignInAsync(_user.Username, _user.Password)).StatusCode);
    }

    [Fact]
    public async Task A_change_needs_a_token()
    {
        var body = new { currentPassword = _user.Password, newPassword = NewPassword };

        await (await _client.PostAsJsonAsync(Accounts.Password, body)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task One_of_several_changes_wins()
    {
        var tokens = await api.SignUpAsync(_user);

        var responses = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            number => ChangeAsync(tokens, _user.Password, NewPassword + number)));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.NoContent);
        Assert.Equal(3, responses.Count(response => response.StatusCode == HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Logout_everywhere_ends_all_sessions_of_the_user_and_no_other()
    {
        var user = TestUser.Create();
        var first = await api.SignUpAsync(user);
        var second = await (await _client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();
        var other = await api.SignUpAsync(TestUser.Create());

        var response = await _client.SendAsync(HttpMethod.Post, Accounts.LogoutAll, first.Access);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        foreach (var ended in new[] { first, second })
        {
            await (await _client.GetMeAsync(ended.Access)).ShouldBeUnauthorizedAsync();
            await (await _client.RefreshAsync(ended.Refresh)).ShouldBeUnauthorizedAsync();
        }

        Assert.Equal(HttpStatusCode.OK, (await _client.GetMeAsync(other.Access)).StatusCode);
        await (await _client.PostAsync(Accounts.LogoutAll, null)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_user_sees_own_sessions_and_ends_one_of_them()
    {
        var user = TestUser.Create();
        var (first, stranger) = (await api.SignUpAsync(user), await api.SignUpAsync(TestUser.Create()));
        var second = await (await _client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();

        var list = await _client.SendAsync(HttpMethod.Get, Accounts.Sessions, second.Access);
        var sessions = (await list.ReadJsonAsync()).EnumerateArray().ToDictionary(session => session.GetProperty("isCurrent").GetBoolean());
        var other = $"{Accounts.Sessions}/{sessions[false].GetProperty("id").GetString()}";

        Assert.True(list.Headers.CacheControl?.NoStore);
        Assert.Equal(
            [false, true], sessions.Values.Select(session => session.GetProperty("id").GetString() == SessionOf(second)).Order());
        await (await _client.SendAsync(HttpMethod.Delete, other, stranger.Access)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetMeAsync(first.Access)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await _client.SendAsync(HttpMethod.Delete, other, second.Access)).StatusCode);
        await (await _client.GetMeAsync(first.Access)).ShouldBeUnauthorizedAsync();
        await (await _client.RefreshAsync(first.Refresh)).ShouldBeUnauthorizedAsync();
        Assert.Equal(HttpStatusCode.OK, (await _client.GetMeAsync(second.Access)).StatusCode);
        await (await _client.SendAsync(HttpMethod.Delete, other, second.Access)).ShouldBeProblemAsync(HttpStatusCode.NotFound);

        static string? SessionOf(Tokens tokens) => (string?)new SignedToken(tokens.Access).Claims["sid"];
    }

    [Fact]
    public async Task A_session_that_has_expired_is_not_listed()
    {
        await using var own = await new ApiFactory().With("Jwt:AccessTokenMinutes", "1440").With("Jwt:RefreshTokenDays", "1").StartAsync();
        var user = TestUser.Create();
        await own.SignUpAsync(user);
        own.Time.Advance(TimeSpan.FromHours(23));
        var client = own.CreateClient();
        var tokens = await (await client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();
        Assert.Equal(2, await CountAsync());

        own.Time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(1, await CountAsync());

        async Task<int> CountAsync() =>
            (await (await client.SendAsync(HttpMethod.Get, Accounts.Sessions, tokens.Access)).ReadJsonAsync()).GetArrayLength();
    }

    private Task<HttpResponseMessage> ChangeAsync(Tokens tokens, string? current, string? password) =>
        _client.SendAsync(HttpMethod.Post, Accounts.Password, tokens.Access, new { currentPassword = current, newPassword = password });
}
