using System.Net;
using Acme.Shop.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

public sealed class LogoutTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task It_ends_the_session_and_all_its_tokens()
    {
        var first = await api.SignUpAsync(TestUser.Create());
        var second = await (await _client.RefreshAsync(first.Refresh)).ReadTokensAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await _client.LogoutAsync(second.Access)).StatusCode);

        await (await _client.GetMeAsync(second.Access)).ShouldBeUnauthorizedAsync();
        await (await _client.GetMeAsync(first.Access)).ShouldBeUnauthorizedAsync();
        await (await _client.RefreshAsync(second.Refresh)).ShouldBeUnauthorizedAsync();
        await (await _client.LogoutAsync(second.Access)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task Another_session_of_the_same_user_goes_on()
    {
        var user = TestUser.Create();
        var first = await api.SignUpAsync(user);
        var other = await (await _client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();

        await _client.LogoutAsync(first.Access);

        Assert.Equal(HttpStatusCode.OK, (await _client.GetMeAsync(other.Access)).StatusCode);
    }

    [Fact]
    public async Task It_holds_at_once_on_every_instance()
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

    [Fact]
    public async Task It_needs_a_token()
    {
        await (await _client.PostAsync(Accounts.Logout, null)).ShouldBeUnauthorizedAsync();
    }
}
