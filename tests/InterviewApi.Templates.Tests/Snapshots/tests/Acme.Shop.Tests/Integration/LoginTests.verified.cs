using System.Net;
using System.Net.Http.Json;
using Acme.Shop.Models;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;

namespace Acme.Shop.Tests.Integration;

/// <summary>Requests for tokens, and what the security log says about them.</summary>
public sealed class LoginTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task Tokens_are_answered_as_OAuth_clients_expect_them()
    {
        var user = TestUser.Create();
        await _client.RegisterAsync(user);

        var response = await _client.SignInAsync(user.Username.ToUpperInvariant(), user.Password);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        var json = await response.ReadJsonAsync();
        Assert.Equal("Bearer", json.GetProperty("token_type").GetString());
        Assert.Equal(15 * 60, json.GetProperty("expires_in").GetInt32());
        Assert.NotEmpty(json.GetProperty("access_token").GetString()!);
        Assert.NotEmpty(json.GetProperty("refresh_token").GetString()!);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_user_are_refused_alike()
    {
        var user = TestUser.Create();
        await _client.RegisterAsync(user);

        var wrongPassword = await RefusalAsync(user.Username, "wrong password");
        var unknownUser = await RefusalAsync(TestUser.Create().Username, user.Password);

        Assert.Equal(wrongPassword, unknownUser);
    }

    [Theory]
    [InlineData("' OR 1=1 --")]
    [InlineData("%")]
    [InlineData("\ud83d\ude00")]
    public async Task A_name_that_nobody_can_have_is_an_unknown_user(string username)
    {
        await (await _client.SignInAsync(username, "password")).ShouldBeUnauthorizedAsync();
    }

    [Theory]
    [InlineData("invalid_request", "password")]
    [InlineData("invalid_request", "refresh_token")]
    [InlineData("invalid_request", "password", "password")]
    [InlineData("unsupported_grant_type", "client_credentials")]
    [InlineData("unsupported_grant_type", "")]
    [InlineData("unsupported_grant_type")]
    public async Task A_form_that_lacks_or_repeats_a_parameter_is_refused(string error, params string[] grantTypes)
    {
        var response = await _client.AskForTokenAsync([.. grantTypes.Select(type => ("grant_type", type)), ("username", "name")]);

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(error, problem.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Only_a_form_is_read_as_UTF_8_whatever_it_says()
    {
        var json = await _client.PostAsJsonAsync(Accounts.Token, new { grant_type = "password" });
        await json.ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType);
        await (await _client.PostAsync(Accounts.Token, null)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);

        var form = new StringContent("grant_type=password&username=nobody&password=wrong");
        form.Headers.ContentType = new("application/x-www-form-urlencoded", "utf-7");
        await (await _client.PostAsync(Accounts.Token, form)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_login_beyond_the_password_queue_is_refused_at_once_and_the_queue_drains()
    {
        var hasher = new BlockedHasher();
        await using var own = await new ApiFactory().Replace<IPasswordHasher<User>>(hasher).StartAsync();
        var client = own.CreateClient();

        // One hash for each second processor, and eight callers that wait for it.
        var capacity = 9 * Math.Max(1, Environment.ProcessorCount / 2);
        var logins = Enumerable.Range(0, capacity + 3).Select(_ => client.SignInAsync("somebody", "some password")).ToList();
        var refused = new List<Task<HttpResponseMessage>>();
        await foreach (var login in Task.WhenEach(logins))
        {
            refused.Add(login);
            if (refused.Count == 3)
            {
                break;
            }
        }

        foreach (var login in refused)
        {
            var response = await login;
            await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
            Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
        }

        hasher.Release();
        foreach (var login in logins.Except(refused))
        {
            await (await login).ShouldBeUnauthorizedAsync();
        }
    }

    [Fact]
    public async Task Each_security_event_is_logged_with_its_id_user_session_and_address()
    {
        using var log = new LogRecorder();
        await using var own = await new ApiFactory()
            .With("Logging:LogLevel:Default", "Information")
            .With("Jwt:MaxSessionsPerUser", "1")
            .OnNetwork()
            .LogTo(log)
            .StartAsync();
        var client = own.CreateClient();
        var user = TestUser.Create();

        var registration = await client.RegisterAsync(user);
        var userId = (await registration.ReadJsonAsync()).GetProperty("id").GetString()!;
        await client.SignInAsync(user.Username, "wrong password");
        await client.SignInAsync("nobody\nat all", "wrong password");
        await client.SignInAsync(user.Username, user.Password);
        var tokens = await (await client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();
        var session = (string)new SignedToken(tokens.Access).Claims["sid"]!;
        await client.RefreshAsync(tokens.Refresh);
        await client.RefreshAsync(tokens.Refresh);
        await client.RefreshAsync("no token");
        await client.GetMeAsync(tokens.Access + "x");
        await client.LogoutAsync(tokens.Access);

        AssertLogged(1001, userId);
        AssertLogged(1002, userId, session);
        AssertLogged(1003, userId);
        AssertLogged(1003, "(null)");
        AssertLogged(1004, userId, session);
        AssertLogged(1005, userId, session);
        AssertLogged(1006);
        AssertLogged(1008, userId, session);
        AssertLogged(1009, userId);
        AssertLogged(1010);
        Assert.DoesNotContain(log.Lines, line => line.Message.Contains("nobody", StringComparison.Ordinal));

        void AssertLogged(int id, params string[] parts) => Assert.Contains(
            log.Lines,
            line => line.EventId == id
                && line.Level == LogLevel.Information
                && line.Message.Contains(IPAddress.Loopback.ToString(), StringComparison.Ordinal)
                && parts.All(part => line.Message.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Failures_are_measured_by_reason()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var own = await receiver.CreateApi().StartAsync();
        var client = own.CreateClient();

        await client.SignInAsync("nobody", "wrong password");
        await client.RefreshAsync("no token");
        await client.GetMeAsync("no token");

        foreach (var reason in new[] { "password", "refresh_token", "access_token" })
        {
            await receiver.WaitForMetricAsync("auth.failures", reason);
        }

        Assert.DoesNotContain(receiver.Everything, message => message.Contains("no token") || message.Contains("wrong password"));
    }

    [Fact]
    public async Task Reuse_of_a_refresh_token_is_a_warning()
    {
        using var log = new LogRecorder();
        await using var own = await new ApiFactory().LogTo(log).StartAsync();
        var client = own.CreateClient();
        var tokens = await own.SignUpAsync(TestUser.Create());
        await client.RefreshAsync(tokens.Refresh);
        own.Time.Advance(TimeSpan.FromSeconds(11));

        await client.RefreshAsync(tokens.Refresh);

        var warning = Assert.Single(log.Lines, line => line.EventId == 1007);
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains((string)new SignedToken(tokens.Access).Claims["sub"]!, warning.Message, StringComparison.Ordinal);
        Assert.Contains((string)new SignedToken(tokens.Access).Claims["sid"]!, warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_log_line_holds_a_password_a_token_or_a_key()
    {
        using var log = new LogRecorder();
        await using var own = await new ApiFactory()
            .With("Logging:LogLevel:Default", "Trace")
            .With("Logging:LogLevel:Microsoft.AspNetCore", "Trace")
            .With("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Trace")
            .LogTo(log)
            .StartAsync();
        var client = own.CreateClient();
        var user = TestUser.Create();

        var first = await own.SignUpAsync(user);
        var second = await (await client.RefreshAsync(first.Refresh)).ReadTokensAsync();
        await client.GetMeAsync(second.Access);
        await client.GetMeAsync(second.Access + "x");
        await client.SignInAsync(user.Username, user.Password + "x");
        await client.RegisterAsync(user);
        await client.RegisterAsync(user with { Username = "?" });
        await client.RefreshAsync(first.Refresh);

        Assert.Contains(log.Lines, line => line.Message.Contains("/auth/token", StringComparison.Ordinal));
        foreach (var secret in new[] { user.Password, first.Access, first.Refresh, second.Access, second.Refresh, Accounts.SigningKey })
        {
            Assert.DoesNotContain(
                log.Lines, line => (line.Message + line.Scopes).Contains(secret, StringComparison.Ordinal));
        }
    }

    private async Task<string> RefusalAsync(string username, string password)
    {
        var response = await _client.SignInAsync(username, password);
        var problem = await response.ShouldBeUnauthorizedAsync();
        var fields = problem.EnumerateObject().Where(field => field.Name != "traceId");
        return string.Join('\n', fields.Select(field => field.ToString()).Append(response.Headers.WwwAuthenticate.ToString()));
    }

    // Keeps every slot until it is released, as slow hashes would.
    private sealed class BlockedHasher : IPasswordHasher<User>
    {
        private readonly TaskCompletionSource _released = new();

        public void Release() => _released.SetResult();

        public string HashPassword(User user, string password) => password;

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            _released.Task.Wait();
            return PasswordVerificationResult.Failed;
        }
    }
}
