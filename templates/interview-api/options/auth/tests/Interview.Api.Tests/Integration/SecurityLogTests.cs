using System.Net;
using InterviewApi.Tests.Support;
using Microsoft.Extensions.Logging;

namespace InterviewApi.Tests.Integration;

public sealed class SecurityLogTests
{
    [Fact]
    public async Task Each_security_event_is_logged_with_its_id_user_session_and_address()
    {
        using var log = new LogRecorder();
        await using var api = await new ApiFactory()
            .With("Logging:LogLevel:Default", "Information")
            .With("Jwt:MaxSessionsPerUser", "1")
            .OnNetwork()
            .LogTo(log)
            .StartAsync();
        var client = api.CreateClient();
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
        await using var api = await receiver.CreateApi().StartAsync();
        var client = api.CreateClient();

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
        await using var api = await new ApiFactory().LogTo(log).StartAsync();
        var client = api.CreateClient();
        var tokens = await api.SignUpAsync(TestUser.Create());
        await client.RefreshAsync(tokens.Refresh);
        api.Time.Advance(TimeSpan.FromSeconds(11));

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
        await using var api = await new ApiFactory()
            .With("Logging:LogLevel:Default", "Trace")
            .With("Logging:LogLevel:Microsoft.AspNetCore", "Trace")
            .With("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Trace")
            .LogTo(log)
            .StartAsync();
        var client = api.CreateClient();
        var user = TestUser.Create();

        var first = await api.SignUpAsync(user);
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
}
