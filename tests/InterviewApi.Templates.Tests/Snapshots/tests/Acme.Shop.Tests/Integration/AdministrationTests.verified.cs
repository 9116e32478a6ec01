using System.Net;
using Acme.Shop.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Acme.Shop.Tests.Integration;

/// <summary>What administrators may read, and the commands that give and take rights.</summary>
public sealed class AdministrationTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static readonly string[] Fields = ["createdAt", "email", "id", "isDisabled", "role", "username"];

    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task An_administrator_reads_all_accounts_in_pages_without_secrets()
    {
        await api.SignUpAsync(TestUser.Create());
        var admin = await api.SignUpAdministratorAsync(TestUser.Create());

        var first = await _client.SendAsync(HttpMethod.Get, $"{Accounts.Users}?limit=1", admin.Access);
        var next = first.Headers.GetValues("Link").Single().Split('<', '>')[1];
        var second = await _client.SendAsync(HttpMethod.Get, next, admin.Access);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.True(first.Headers.CacheControl!.NoStore);
        var one = Assert.Single((await first.ReadJsonAsync()).EnumerateArray());
        var other = Assert.Single((await second.ReadJsonAsync()).EnumerateArray());
        Assert.Equal(Fields, one.EnumerateObject().Select(field => field.Name).Order());
        Assert.NotEqual(one.GetProperty("id").GetGuid(), other.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Nobody_else_reads_them()
    {
        using var log = new LogRecorder();
        await using var own = await new ApiFactory().With("Logging:LogLevel:Default", "Information").LogTo(log).StartAsync();
        var client = own.CreateClient();
        var tokens = await own.SignUpAsync(TestUser.Create());

        await (await client.GetAsync(Accounts.Users)).ShouldBeUnauthorizedAsync();
        var refusal = await client.SendAsync(HttpMethod.Get, Accounts.Users, tokens.Access);

        await refusal.ShouldBeProblemAsync(HttpStatusCode.Forbidden);
        var line = Assert.Single(log.Lines, line => line.EventId == 1013);
        Assert.Contains((string)new SignedToken(tokens.Access).Claims["sub"]!, line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_cannot_claim_a_role_that_its_user_does_not_have()
    {
        var token = new SignedToken((await api.SignUpAsync(TestUser.Create())).Access);
        token.Claims["roles"] = new System.Text.Json.Nodes.JsonArray("admin");

        await (await _client.SendAsync(HttpMethod.Get, Accounts.Users, token.WithOldSignature())).ShouldBeUnauthorizedAsync();
        await (await _client.SendAsync(HttpMethod.Get, Accounts.Users, token.Sign(Accounts.SigningKey))).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_promotion_is_in_the_next_token_and_a_demotion_holds_at_once()
    {
        var user = TestUser.Create();
        var tokens = await api.SignUpAsync(user);

        Assert.True(await api.RunUsersAsync("promote", user.Username.ToUpperInvariant()));
        Assert.Equal(HttpStatusCode.Forbidden, (await _client.SendAsync(HttpMethod.Get, Accounts.Users, tokens.Access)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetMeAsync(tokens.Access)).StatusCode);
        var promoted = await (await _client.RefreshAsync(tokens.Refresh)).ReadTokensAsync();
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync(HttpMethod.Get, Accounts.Users, promoted.Access)).StatusCode);

        Assert.True(await api.RunUsersAsync("demote", user.Username));
        await (await _client.SendAsync(HttpMethod.Get, Accounts.Users, promoted.Access)).ShouldBeUnauthorizedAsync();
        var demoted = await (await _client.RefreshAsync(promoted.Refresh)).ReadTokensAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await _client.SendAsync(HttpMethod.Get, Accounts.Users, demoted.Access)).StatusCode);
    }

    [Theory]
    [InlineData("promote", "nobody-has-this-name")]
    [InlineData("promote", "' OR 1=1 --")]
    [InlineData("disable", "nobody-has-this-name")]
    [InlineData("promote")]
    [InlineData("promote", "one", "two")]
    [InlineData("remove", "somebody")]
    [InlineData]
    public async Task A_command_that_cannot_be_run_fails_and_says_why(params string[] verb)
    {
        using var log = new LogRecorder();
        await using var own = await new ApiFactory().LogTo(log).StartAsync();

        Assert.False(await own.RunUsersAsync(verb));

        var line = Assert.Single(log.Lines, line => line.Level == LogLevel.Critical);
        Assert.Contains(verb.Length == 2 && verb[0] != "remove" ? verb[1] : "NAME", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_user_is_refused_at_once_on_every_instance_like_one_who_does_not_exist()
    {
        var database = api.Services.GetRequiredService<IConfiguration>()["ConnectionStrings:Database"];
        await using var otherInstance = new ApiFactory().With("ConnectionStrings:Database", database);
        var otherClient = otherInstance.CreateClient();
        var user = TestUser.Create();
        var tokens = await api.SignUpAsync(user);

        Assert.True(await api.RunUsersAsync("disable", user.Username));

        await (await otherClient.GetMeAsync(tokens.Access)).ShouldBeUnauthorizedAsync();
        await (await otherClient.RefreshAsync(tokens.Refresh)).ShouldBeUnauthorizedAsync();
        var disabled = await (await _client.SignInAsync(user.Username, user.Password)).ShouldBeUnauthorizedAsync();
        var unknown = await (await _client.SignInAsync(TestUser.Create().Username, user.Password)).ShouldBeUnauthorizedAsync();
        Assert.Equal(WithoutTrace(unknown), WithoutTrace(disabled));
        Assert.False(await api.RunUsersAsync("promote", user.Username));

        static string[] WithoutTrace(System.Text.Json.JsonElement problem) =>
            [.. problem.EnumerateObject().Where(field => field.Name != "traceId").Select(field => field.ToString())];
    }

    [Fact]
    public async Task An_account_that_is_opened_again_starts_without_sessions()
    {
        var user = TestUser.Create();
        var tokens = await api.SignUpAsync(user);
        await api.RunUsersAsync("disable", user.Username);

        Assert.True(await api.RunUsersAsync("enable", user.Username));

        await (await _client.GetMeAsync(tokens.Access)).ShouldBeUnauthorizedAsync();
        await (await _client.RefreshAsync(tokens.Refresh)).ShouldBeUnauthorizedAsync();
        Assert.Equal(HttpStatusCode.OK, (await _client.SignInAsync(user.Username, user.Password)).StatusCode);
    }
}
