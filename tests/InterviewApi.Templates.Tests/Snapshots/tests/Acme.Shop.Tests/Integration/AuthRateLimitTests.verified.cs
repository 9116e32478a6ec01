using System.Net;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class AuthRateLimitTests
{
    [Fact]
    public async Task Registration_login_and_refresh_share_a_stricter_limit()
    {
        await using var api = await new ApiFactory().With("RateLimiting:Auth:PermitLimit", "3").StartAsync();
        var client = api.CreateClient();
        await client.RegisterAsync(TestUser.Create());
        await client.SignInAsync("nobody", "wrong password");
        await client.RefreshAsync("no such token");

        var refusal = await client.SignInAsync("nobody", "wrong password");

        await refusal.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal("\"auth\";q=3;w=60", refusal.Headers.GetValues("RateLimit-Policy").Single());
    }

    [Theory]
    [InlineData(Accounts.Password)]
    [InlineData(Accounts.ForgottenPassword)]
    [InlineData(Accounts.PasswordReset)]
    public async Task So_do_requests_for_a_new_password(string address)
    {
        await using var api = await new ApiFactory().With("RateLimiting:Auth:PermitLimit", "3").StartAsync();
        var tokens = await api.SignUpAsync(TestUser.Create());
        var client = api.CreateClient();
        await client.SendAsync(HttpMethod.Post, address, tokens.Access, new { });

        var refusal = await client.SendAsync(HttpMethod.Post, address, tokens.Access, new { });

        await refusal.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Guesses_of_the_current_password_count_with_the_logins_to_the_account()
    {
        await using var api = await new ApiFactory().With("RateLimiting:Auth:AccountPermitLimit", "2").StartAsync();
        var user = TestUser.Create();
        var tokens = await api.SignUpAsync(user);
        var client = api.CreateClient();
        var guess = new { currentPassword = "wrong password", newPassword = "a quite different staple" };

        await (await client.SendAsync(HttpMethod.Post, Accounts.Password, tokens.Access, guess)).ShouldRefuseAsync("currentPassword");

        var refusal = await client.SendAsync(HttpMethod.Post, Accounts.Password, tokens.Access, guess);

        await refusal.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.SignInAsync(user.Username, user.Password)).StatusCode);
    }

    [Fact]
    public async Task A_login_counts_by_address_whoever_is_signed_in()
    {
        await using var api = await new ApiFactory().With("RateLimiting:Auth:PermitLimit", "4").StartAsync();
        var one = await api.CreateClientForAsync(TestUser.Create());
        var other = await api.CreateClientForAsync(TestUser.Create());

        Assert.Equal(HttpStatusCode.TooManyRequests, (await one.SignInAsync("nobody", "wrong password")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await other.SignInAsync("nobody", "wrong password")).StatusCode);
    }

    [Fact]
    public async Task Many_addresses_together_cannot_guess_the_password_of_one_account()
    {
        await using var api = await new ApiFactory()
            .With("RateLimiting:Auth:AccountPermitLimit", "3")
            .With("ForwardedHeaders:KnownProxies:0", "127.0.0.1")
            .OnNetwork()
            .StartAsync();
        var user = TestUser.Create();
        await api.SignUpAsync(user);
        for (var address = 1; address <= 2; address++)
        {
            await (await SignInFromAsync(address, user with { Password = "wrong password" })).ShouldBeUnauthorizedAsync();
        }

        var refusal = await SignInFromAsync(3, user with { Username = user.Username.ToUpperInvariant() });

        await refusal.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests);
        Assert.InRange(refusal.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Contains("\"account\";q=3;w=60", refusal.Headers.GetValues("RateLimit-Policy"));
        await (await SignInFromAsync(4, TestUser.Create())).ShouldBeUnauthorizedAsync();

        async Task<HttpResponseMessage> SignInFromAsync(int address, TestUser account)
        {
            using var client = api.CreateClient();
            client.DefaultRequestHeaders.Add("X-Forwarded-For", $"198.51.100.{address}");
            return await client.SignInAsync(account.Username, account.Password);
        }
    }

    [Fact]
    public async Task One_address_cannot_lock_out_another_one()
    {
        await using var api = await new ApiFactory()
            .With("RateLimiting:Auth:PermitLimit", "3")
            .With("RateLimiting:Auth:AccountPermitLimit", "6")
            .With("ForwardedHeaders:KnownProxies:0", "127.0.0.1")
            .OnNetwork()
            .StartAsync();
        var user = TestUser.Create();
        await api.SignUpAsync(user);
        using var attacker = api.CreateClient();
        attacker.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.1");
        for (var attempt = 0; attempt < 20; attempt++)
        {
            await attacker.SignInAsync(user.Username, "wrong password");
        }

        using var client = api.CreateClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.2");

        Assert.Equal(HttpStatusCode.OK, (await client.SignInAsync(user.Username, user.Password)).StatusCode);
    }

    [Fact]
    public async Task A_token_whose_session_has_ended_is_counted_before_the_database_is_asked()
    {
        await using var api = await new ApiFactory().WithLimit(3).StartAsync();
        var client = api.CreateClient();
        var tokens = await api.SignUpAsync(TestUser.Create());
        await client.LogoutAsync(tokens.Access);

        await (await client.GetMeAsync(tokens.Access)).ShouldBeUnauthorizedAsync();
        await (await client.GetMeAsync(tokens.Access)).ShouldBeUnauthorizedAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.GetMeAsync(tokens.Access)).StatusCode);
    }
}
