using System.Data.Common;
using System.Net;
using Acme.Shop.Core.Data;
using Acme.Shop.Models;
using Acme.Shop.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

/// <summary>Requests that meet in one session, each time in the same order.</summary>
public sealed class SessionRaceTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string Rotation = "UPDATE \"Sessions\"";
    private const string SessionLimit = "ORDER BY";
    private const string Confirmation = "UPDATE \"Users\"";

    [Fact]
    public async Task Concurrent_logins_at_the_session_limit_keep_one_session()
    {
        var arrived = 0;
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var own = Before(SessionLimit, WaitForBothAsync).With("Jwt:MaxSessionsPerUser", "1");
        var client = own.CreateClient();
        var user = TestUser.Create();
        await client.RegisterAsync(user);

        var logins = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => client.SignInAsync(user.Username, user.Password)));

        var tokens = await Task.WhenAll(logins.Select(login => login.ReadTokensAsync()));
        var responses = await Task.WhenAll(tokens.Select(pair => client.GetMeAsync(pair.Access)));
        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK);

        Task WaitForBothAsync(DbCommand command)
        {
            if (Interlocked.Increment(ref arrived) == 2)
            {
                both.SetResult();
            }

            return both.Task;
        }
    }

    [Fact]
    public async Task Without_a_grace_a_clock_that_is_behind_gives_none()
    {
        await using var own = await new ApiFactory().With("Jwt:RefreshGraceSeconds", "0").StartAsync();
        var client = own.CreateClient();
        var tokens = await own.SignUpAsync(TestUser.Create());
        await client.RefreshAsync(tokens.Refresh);
        own.Time.Advance(TimeSpan.FromSeconds(-5));

        await (await client.RefreshAsync(tokens.Refresh)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_rotation_that_the_database_ran_twice_is_no_reuse()
    {
        // As when the connection breaks between the commit and its confirmation, and the statement is retried.
        await using var own = Before(Rotation, command => command.ExecuteNonQueryAsync()).With("Jwt:RefreshGraceSeconds", "0");
        var client = own.CreateClient();
        var first = await own.SignUpAsync(TestUser.Create());

        var second = await (await client.RefreshAsync(first.Refresh)).ReadTokensAsync();

        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(second.Refresh)).StatusCode);
    }

    [Fact]
    public async Task A_refresh_that_meets_a_logout_is_refused_but_is_no_reuse()
    {
        using var log = new LogRecorder();
        HttpClient? client = null;
        Tokens? tokens = null;
        await using var own = Before(Rotation, _ => client!.LogoutAsync(tokens!.Access))
            .With("Logging:LogLevel:Default", "Information")
            .LogTo(log);
        client = own.CreateClient();
        tokens = await own.SignUpAsync(TestUser.Create());

        await (await client.RefreshAsync(tokens.Refresh)).ShouldBeUnauthorizedAsync();

        Assert.Single(log.Lines, line => line.EventId == 1008);
        Assert.Single(log.Lines, line => line.EventId == 1006);
        Assert.DoesNotContain(log.Lines, line => line.EventId == 1007);
    }

    [Fact]
    public async Task A_login_with_a_password_that_is_changed_meanwhile_is_refused()
    {
        var user = TestUser.Create();
        var tokens = await api.SignUpAsync(user);
        var body = new { currentPassword = user.Password, newPassword = "a quite different staple" };
        await using var own = Before(
            Confirmation, _ => api.CreateClient().SendAsync(HttpMethod.Post, Accounts.Password, tokens.Access, body));

        await (await own.CreateClient().SignInAsync(user.Username, user.Password)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_user_who_is_disabled_during_the_login_is_refused()
    {
        var user = TestUser.Create();
        await api.SignUpAsync(user);
        await using var own = Before(Confirmation, _ => api.RunUsersAsync("disable", user.Username));
        var client = own.CreateClient();

        await (await client.SignInAsync(user.Username, user.Password)).ShouldBeUnauthorizedAsync();

        await api.RunUsersAsync("enable", user.Username);
        Assert.Equal(0, await own.Services.CreateScope().ServiceProvider.GetRequiredService<AppDbContext>()
            .Set<Session>().CountAsync(session => session.User!.Username == user.Username));
    }

    /// <summary>An instance that runs an action before each statement that contains a text.</summary>
    private ApiFactory Before(string text, Func<DbCommand, Task> action)
    {
        var options = api.Services.GetRequiredService<DbContextOptions<AppDbContext>>();
        return new ApiFactory().Replace(new DbContextOptionsBuilder<AppDbContext>(options)
            .AddInterceptors(new ActionInterceptor(text, action))
            .Options);
    }

    private sealed class ActionInterceptor(string text, Func<DbCommand, Task> action) : DbCommandInterceptor
    {
        public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<int> result,
            CancellationToken cancellationToken = default)
        {
            if (command.CommandText.Contains(text, StringComparison.Ordinal))
            {
                await action(command);
            }

            return result;
        }
    }
}
