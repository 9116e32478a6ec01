using System.Net;
using System.Net.Http.Json;
using Acme.Shop.Core.Data;
using Acme.Shop.Core.Email;
using Acme.Shop.Core.Events;
using Acme.Shop.Core.Security;
using Acme.Shop.Models;
using Acme.Shop.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

/// <summary>The change of a password, and its reset by e-mail.</summary>
public sealed class PasswordTests : IAsyncLifetime
{
    private const string NewPassword = "a quite different staple";

    private readonly RecordedEmails _emails = new();
    private readonly LogRecorder _log = new();
    private readonly ApiFactory _api;
    private readonly TestUser _user = TestUser.Create();
    private HttpClient? _client;

    public PasswordTests() => _api = new ApiFactory()
        .With("Accounts:PasswordResetUrl", "https://shop.example.com/reset?lang=en")
        .With("Logging:LogLevel:Default", "Debug")
        .Replace<IEmailSender>(_emails)
        .LogTo(_log);

    private HttpClient Client => _client ??= _api.CreateClient();

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task A_change_ends_all_other_sessions_and_keeps_this_one()
    {
        var tokens = await _api.SignUpAsync(_user);
        var other = await (await Client.SignInAsync(_user.Username, _user.Password)).ReadTokensAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await ChangeAsync(tokens, _user.Password)).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await Client.GetMeAsync(tokens.Access)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Client.RefreshAsync(tokens.Refresh)).StatusCode);
        await (await Client.GetMeAsync(other.Access)).ShouldBeUnauthorizedAsync();
        await (await Client.RefreshAsync(other.Refresh)).ShouldBeUnauthorizedAsync();
        await (await Client.SignInAsync(_user.Username, _user.Password)).ShouldBeUnauthorizedAsync();
        Assert.Equal(HttpStatusCode.OK, (await Client.SignInAsync(_user.Username, NewPassword)).StatusCode);
        Assert.Single(_log.Lines, line => line.EventId == 1017);
    }

    [Fact]
    public async Task A_reset_works_once_and_ends_all_sessions()
    {
        var tokens = await _api.SignUpAsync(_user);

        var token = await ReceiveTokenAsync(address: _user.Email.ToUpperInvariant());

        var text = Assert.Single(_emails.To(_user)).Text;
        Assert.Contains($"https://shop.example.com/reset?lang=en&token={token}", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await ResetAsync(token)).StatusCode);
        await (await Client.GetMeAsync(tokens.Access)).ShouldBeUnauthorizedAsync();
        await (await Client.RefreshAsync(tokens.Refresh)).ShouldBeUnauthorizedAsync();
        await (await Client.SignInAsync(_user.Username, _user.Password)).ShouldBeUnauthorizedAsync();
        Assert.Equal(HttpStatusCode.OK, (await Client.SignInAsync(_user.Username, NewPassword)).StatusCode);
        await (await ResetAsync(token, "another new password")).ShouldRefuseAsync("token");
        Assert.Single(_log.Lines, line => line.EventId == 1020);
        Assert.Single(_log.Lines, line => line.EventId == 1021);
    }

    [Fact]
    public async Task An_address_without_an_account_gets_the_same_response_and_no_message()
    {
        await _api.SignUpAsync(_user);
        var nobody = TestUser.Create();

        var unknown = await AskAsync(nobody.Email);
        var known = await AskAsync(_user.Email);
        await _emails.ReadTokenAsync(_user);

        Assert.Equal(await known.Content.ReadAsStringAsync(), await unknown.Content.ReadAsStringAsync());
        Assert.Equal(Names(known), Names(unknown));
        Assert.Empty(_emails.To(nobody));

        static string[] Names(HttpResponseMessage response) =>
            [.. response.Headers.Concat(response.Content.Headers).Select(header => header.Key)];
    }

    [Fact]
    public async Task No_token_is_stored_or_logged()
    {
        await _api.SignUpAsync(_user);
        var token = await ReceiveTokenAsync();

        await using var scope = _api.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var messages = await db.Set<OutboxMessage>().Select(message => message.Payload).ToListAsync();

        Assert.Equal(2, messages.Count);
        Assert.DoesNotContain(
            messages, payload => payload.Contains(token, StringComparison.Ordinal) || payload.Contains('@', StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, line => line.Message.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_expires()
    {
        await _api.SignUpAsync(_user);
        var token = await ReceiveTokenAsync();

        _api.Time.Advance(TimeSpan.FromMinutes(30));

        await (await ResetAsync(token)).ShouldRefuseAsync("token");
    }

    [Fact]
    public async Task A_weak_password_does_not_use_up_the_token()
    {
        await _api.SignUpAsync(_user);
        var token = await ReceiveTokenAsync();

        await (await ResetAsync(token, "qwertyuiop")).ShouldRefuseAsync("newPassword");
        await (await ResetAsync(token, _user.Username)).ShouldRefuseAsync("newPassword");

        Assert.Equal(HttpStatusCode.NoContent, (await ResetAsync(token)).StatusCode);
    }

    [Fact]
    public async Task One_of_several_resets_with_one_token_wins()
    {
        await _api.SignUpAsync(_user);
        var token = await ReceiveTokenAsync();

        var responses = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => ResetAsync(token, NewPassword + number)));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.NoContent);
        Assert.Equal(3, responses.Count(response => response.StatusCode == HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task A_user_gets_one_message_in_five_minutes_and_the_last_token_counts()
    {
        await _api.SignUpAsync(_user);
        var first = await ReceiveTokenAsync();
        await AskAsync(_user.Email);
        await HandledAsync();
        Assert.Single(_emails.To(_user));

        _api.Time.Advance(TimeSpan.FromMinutes(5));
        var second = await ReceiveTokenAsync(count: 2);

        await (await ResetAsync(first)).ShouldRefuseAsync("token");
        Assert.Equal(HttpStatusCode.NoContent, (await ResetAsync(second)).StatusCode);
    }

    [Fact]
    public async Task A_message_that_the_mail_server_refuses_is_repeated_with_a_token_that_works()
    {
        await _api.SignUpAsync(_user);
        await HandledAsync();
        _emails.Failures = 1;

        var token = await ReceiveTokenAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await ResetAsync(token)).StatusCode);
    }

    [Fact]
    public async Task A_disabled_user_gets_no_message_and_cannot_use_one()
    {
        await _api.SignUpAsync(_user);
        var token = await ReceiveTokenAsync();
        await _api.RunUsersAsync("disable", _user.Username);
        _api.Time.Advance(TimeSpan.FromMinutes(6));

        await AskAsync(_user.Email);
        await HandledAsync();

        Assert.Single(_emails.To(_user));
        await (await ResetAsync(token)).ShouldRefuseAsync("token");
    }

    [Fact]
    public async Task A_change_makes_the_token_worthless()
    {
        var tokens = await _api.SignUpAsync(_user);
        var token = await ReceiveTokenAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await ChangeAsync(tokens, _user.Password)).StatusCode);

        await (await ResetAsync(token, "another new password")).ShouldRefuseAsync("token");
    }

    [Theory]
    [InlineData("")]
    [InlineData("never sent")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_token_that_was_never_sent_is_refused(string token)
    {
        await _api.SignUpAsync(_user);

        await (await ResetAsync(token)).ShouldRefuseAsync("token");
    }

    private Task<HttpResponseMessage> ChangeAsync(Tokens tokens, string? current, string? password = NewPassword) =>
        Client.SendAsync(HttpMethod.Post, Accounts.Password, tokens.Access, new { currentPassword = current, newPassword = password });

    private async Task<HttpResponseMessage> AskAsync(string email)
    {
        var response = await Client.PostAsJsonAsync(Accounts.ForgottenPassword, new { email });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response;
    }

    private Task<HttpResponseMessage> ResetAsync(string token, string password = NewPassword) =>
        Client.PostAsJsonAsync(Accounts.PasswordReset, new { token, newPassword = password });

    private async Task<string> ReceiveTokenAsync(int count = 1, string? address = null)
    {
        await AskAsync(address ?? _user.Email);
        var token = await _emails.ReadTokenAsync(_user, count);

        // The handler stores the hash after it has sent the token.
        await HoldsAsync(db => db.Set<User>().AnyAsync(user => user.ResetTokenHash == ResetToken.HashOf(token)));
        return token;
    }

    private Task HandledAsync() => HoldsAsync(db => db.Set<OutboxMessage>().AllAsync(message => message.ProcessedAt != null));

    private async Task HoldsAsync(Func<AppDbContext, Task<bool>> condition)
    {
        await using var scope = _api.Services.CreateAsyncScope();
        await Eventually.HoldsAsync(() => condition(scope.ServiceProvider.GetRequiredService<AppDbContext>()));
    }
}
