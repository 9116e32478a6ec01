using System.Net;
using System.Net.Http.Json;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class RegistrationTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static readonly string[] UserFields = ["createdAt", "email", "id", "username"];

    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task A_registered_user_can_read_the_account_and_nothing_more_of_it()
    {
        var user = TestUser.Create();

        var registered = await (await _client.RegisterAsync(user)).ReadJsonAsync();
        var tokens = await (await _client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();
        var me = await _client.GetMeAsync(tokens.Access);

        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        var account = await me.ReadJsonAsync();
        Assert.Equal(registered.ToString(), account.ToString());
        Assert.Equal(UserFields, account.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(user.Username, account.GetProperty("username").GetString());
        Assert.Equal(user.Email, account.GetProperty("email").GetString());
    }

    [Fact]
    public async Task A_name_is_taken_in_whatever_case()
    {
        var user = TestUser.Create();
        await _client.RegisterAsync(user);

        var response = await _client.RegisterAsync(TestUser.Create() with { Username = user.Username.ToUpperInvariant() });

        await response.ShouldBeProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task An_address_is_taken_in_whatever_case()
    {
        var user = TestUser.Create();
        await _client.RegisterAsync(user);

        var response = await _client.RegisterAsync(TestUser.Create() with { Email = user.Email.ToUpperInvariant() });

        await response.ShouldBeProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task One_of_many_who_want_a_name_at_the_same_time_gets_it()
    {
        var name = TestUser.Create().Username;
        var rivals = Enumerable.Range(0, 50)
            .Select(_ => _client.RegisterAsync(TestUser.Create() with { Username = name }));

        var statuses = (await Task.WhenAll(rivals)).Select(response => response.StatusCode).ToList();

        Assert.Single(statuses, HttpStatusCode.Created);
        Assert.Equal(49, statuses.Count(status => status == HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("ab", "a@example.com", "long enough", "username")]
    [InlineData("white space", "a@example.com", "long enough", "username")]
    [InlineData("name\n", "a@example.com", "long enough", "username")]
    [InlineData("ädä", "a@example.com", "long enough", "username")]
    [InlineData("name", "example.com", "long enough", "email")]
    [InlineData("name", "a\0@example.com", "long enough", "email")]
    [InlineData("name", "a@example.com", "short", "password")]
    [InlineData(null, null, null, "username", "email", "password")]
    public async Task A_wrong_field_is_named(string? username, string? email, string? password, params string[] fields)
    {
        var response = await _client.PostAsJsonAsync(Accounts.Register, new { username, email, password });

        await response.ShouldRefuseAsync(fields);
    }

    [Fact]
    public async Task A_client_decides_no_other_field()
    {
        var user = TestUser.Create();

        var response = await _client.PostAsJsonAsync(
            Accounts.Register,
            new { user.Username, user.Email, user.Password, id = Guid.Empty, passwordHash = "mine", createdAt = "2001-01-01" });

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var account = await response.ReadJsonAsync();
        Assert.NotEqual(Guid.Empty, account.GetProperty("id").GetGuid());
        Assert.NotEqual(2001, account.GetProperty("createdAt").GetDateTimeOffset().Year);
    }
}
