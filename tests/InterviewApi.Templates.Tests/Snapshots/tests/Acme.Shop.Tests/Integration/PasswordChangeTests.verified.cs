using System.Net;
using System.Net.Http.Json;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

/// <summary>Refused changes of a password, and the end of all sessions.</summary>
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

    private Task<HttpResponseMessage> ChangeAsync(Tokens tokens, string? current, string? password) =>
        _client.SendAsync(HttpMethod.Post, Accounts.Password, tokens.Access, new { currentPassword = current, newPassword = password });
}
