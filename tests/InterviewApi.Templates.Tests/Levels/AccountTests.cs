using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Accounts under attack on a real server and on both databases; what one request shows, the generated tests show.</summary>
[Trait("Level", "Run")]
public sealed class AccountTests
{
    private const int Rivals = 50;

    private static readonly (string, string)[] EverythingLogged =
    [
        ("Logging__LogLevel__Default", "Debug"),
        ("Logging__LogLevel__Microsoft.AspNetCore", "Debug"),
        ("Logging__LogLevel__Microsoft.EntityFrameworkCore", "Debug"),

        // A second use of a refresh token is then reuse at once.
        ("Jwt__RefreshGraceSeconds", "0"),
    ];

    [Fact]
    public async Task On_SQLite_one_of_fifty_equal_requests_wins_and_the_log_holds_no_secret()
    {
        Requires.Servers();
        await using var server = await ServerInstance.StartAsync(await ServerApplication.OnSqliteAsync(), EverythingLogged);

        await AssertOneWinsAsync(server);
    }

    [Fact]
    public async Task On_PostgreSQL_one_of_fifty_equal_requests_wins_and_the_log_holds_no_secret()
    {
        Requires.Servers();
        var database = await PostgresDatabase.CreateAsync();
        await using var server = await ServerInstance.StartAsync(
            await ServerApplication.OnPostgresAsync(), [("ConnectionStrings__Database", database.ConnectionString), .. EverythingLogged]);

        await AssertOneWinsAsync(server);
    }

    [Fact]
    public async Task What_is_no_token_is_refused_whatever_its_size()
    {
        Requires.Servers();
        const string characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_=+/{}\"' ,;%&?";
        await using var server = await ServerInstance.StartAsync(await ServerApplication.OnSqliteAsync());
        var account = await TestAccount.SignUpAsync(server.Client);

        // More than is read of a token; then more than the server reads of headers.
        foreach (var length in new[] { 30_000, 100_000 })
        {
            foreach (var token
                in new[] { new string('x', length), TestToken.WithClaim(account.AccessToken, "filler", new string('x', length * 3 / 4)) })
            {
                var status = await StatusOfAsync(() => TestAccount.GetMeAsync(server.Client, token));
                Assert.True(length < 32 * 1024 ? status == 401 : status is 431 or null, $"{length}: {status}");
            }
        }

        var random = new Random(4711);
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var text = new string(random.GetItems<char>(characters, random.Next(0, 200)));
            using var response = await TestAccount.GetMeAsync(server.Client, text);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{text}: {response.StatusCode}");
        }

        using var good = await TestAccount.GetMeAsync(server.Client, account.AccessToken);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.DoesNotContain("fail:", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_logins_fills_a_short_queue_and_is_refused_beyond_it()
    {
        Requires.Servers();
        const int Logins = 60;
        await using var server = await ServerInstance.StartAsync(
            await ServerApplication.OnSqliteAsync(), ("RateLimiting__Auth__AccountPermitLimit", "1000"));
        var account = await TestAccount.SignUpAsync(server.Client);

        var logins = await Task.WhenAll(Enumerable.Range(0, Logins).Select(_ => TestAccount.AskForTokenAsync(
            server.Client, ("grant_type", "password"), ("username", account.Username), ("password", account.Password))));

        // The queue takes eight for each slot, and there is a slot for every second processor. What is beyond is refused.
        var capacity = 9 * Math.Max(1, Environment.ProcessorCount / 2);
        var refused = logins.Where(response => response.StatusCode != HttpStatusCode.OK).ToList();
        Assert.All(
            refused,
            response =>
                Assert.Equal(
                    (HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)),
                    (response.StatusCode, response.Headers.RetryAfter?.Delta)));
        Assert.True(Logins - refused.Count >= Math.Min(Logins, capacity), $"{refused.Count} of {Logins} were refused.");
    }

    private static async Task AssertOneWinsAsync(ServerInstance server)
    {
        var password = $"password-{Guid.NewGuid():N}";
        var registrations = await AllAtOnceAsync(
            rival => TestAccount.RegisterAsync(server.Client, rival % 2 == 0 ? "ada" : "ADA", $"ada{rival}@example.com", password));
        Assert.Equal(1, registrations.Count(response => response.StatusCode == HttpStatusCode.Created));

        // One that finds the queue of passwords full never gets to ask for the name.
        Assert.Equal(
            Rivals - 1,
            registrations.Count(response => response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.ServiceUnavailable));
        Assert.DoesNotContain("fail:", server.Log, StringComparison.Ordinal);

        var account = await TestAccount.SignInAsync(server.Client, "Ada", password);
        using (var socket = await WireSocket.OpenAsync(server, null, query: $"?access_token={account.AccessToken}"))
        {
            await socket.PingAsync();
        }

        var refreshes = await AllAtOnceAsync(_ => TestAccount.RefreshAsync(server.Client, account.RefreshToken));
        var winner = Assert.Single(refreshes, response => response.StatusCode == HttpStatusCode.OK);
        Assert.Equal(Rivals - 1, refreshes.Count(response => response.StatusCode == HttpStatusCode.Unauthorized));
        var tokens = await winner.Content.ReadFromJsonAsync<JsonElement>();
        var (access, refresh) = (tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("refresh_token").GetString()!);
        using var afterwards = await TestAccount.RefreshAsync(server.Client, refresh);
        using var me = await TestAccount.GetMeAsync(server.Client, access);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (afterwards.StatusCode, me.StatusCode));

        Assert.Contains("/auth/token", server.Log, StringComparison.Ordinal);
        foreach (var secret in new[] { password, account.AccessToken, account.RefreshToken, access, refresh, TestToken.SigningKey })
        {
            Assert.DoesNotContain(secret, server.Log, StringComparison.Ordinal);
        }
    }

    // Null where the server closes before the client has sent all of it, which may overtake the answer.
    private static async Task<int?> StatusOfAsync(Func<Task<HttpResponseMessage>> request)
    {
        try
        {
            using var response = await request();
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static Task<HttpResponseMessage[]> AllAtOnceAsync(Func<int, Task<HttpResponseMessage>> request) =>
        Task.WhenAll(Enumerable.Range(0, Rivals).Select(request));
}
