using System.Net;
using System.Net.Http.Json;
using System.Text;
using InterviewApi.Core.Data;
using InterviewApi.Core.Security;
using InterviewApi.Models;
using InterviewApi.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace InterviewApi.Tests.Integration;

/// <summary>Registration, and passwords.</summary>
public sealed class AccountTests(ApiFactory api) : IClassFixture<ApiFactory>
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
    public async Task A_user_name_is_unique_regardless_of_case()
    {
        var user = TestUser.Create();
        await _client.RegisterAsync(user);

        var response = await _client.RegisterAsync(TestUser.Create() with { Username = user.Username.ToUpperInvariant() });

        await response.ShouldBeProblemAsync(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("ada@example.com", "ADA@example.COM")]
    [InlineData("ren\u00e9@example.com", "RENE\u0301@example.com")]
    [InlineData("full@example.com", "\uff46\uff55\uff4c\uff4c@example.com")]
    [InlineData("\ud835\udcb6@example.com", "a@example.com")]
    public async Task An_address_is_unique_regardless_of_case_and_of_its_form_in_Unicode(string address, string other)
    {
        var name = TestUser.Create().Username;
        Assert.Equal(
            HttpStatusCode.Created, (await _client.RegisterAsync(TestUser.Create() with { Email = name + address })).StatusCode);

        var response = await _client.RegisterAsync(TestUser.Create() with { Email = name + other });

        await response.ShouldBeProblemAsync(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("\ud83d\ude00@example.com")]
    [InlineData("\ud842\udfb7\u91ce\u5bb6@example.jp")]
    [InlineData("ada@\u4f8b\u3048.jp")]
    public async Task An_address_may_hold_any_letter_and_symbol(string address)
    {
        var user = TestUser.Create();
        user = user with { Email = user.Username + address };

        var response = await _client.RegisterAsync(user);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(user.Email, (await response.ReadJsonAsync()).GetProperty("email").GetString());
    }

    [Fact]
    public async Task One_of_several_concurrent_registrations_wins_and_the_others_are_no_errors()
    {
        using var log = new LogRecorder();
        await using var own = await new ApiFactory().With("Logging:LogLevel:Default", "Information").LogTo(log).StartAsync();
        var client = own.CreateClient();
        var name = TestUser.Create().Username;

        // As many as wait for a hash even on one processor.
        var rivals = Enumerable.Range(0, 8).Select(_ => Task.Run(() => client.RegisterAsync(TestUser.Create() with { Username = name })));
        var statuses = (await Task.WhenAll(rivals)).Select(response => response.StatusCode).ToList();

        Assert.Single(statuses, HttpStatusCode.Created);
        Assert.Equal(7, statuses.Count(status => status == HttpStatusCode.Conflict));
        Assert.DoesNotContain(
            log.Lines,
            line => line.Level >= LogLevel.Warning || line.Message.Contains("Exception", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ab", "a@example.com", "long enough", "username")]
    [InlineData("white space", "a@example.com", "long enough", "username")]
    [InlineData("name\n", "a@example.com", "long enough", "username")]
    [InlineData("ädä", "a@example.com", "long enough", "username")]
    [InlineData("name", "example.com", "long enough", "email")]
    [InlineData("name", "a@b@example.com", "long enough", "email")]
    [InlineData("name", "a b@example.com", "long enough", "email")]
    [InlineData("name", "a..b@example.com", "long enough", "email")]
    [InlineData("name", "a,b@example.com", "long enough", "email")]
    [InlineData("name", "a\0@example.com", "long enough", "email")]
    [InlineData("name", "a\u202eb@example.com", "long enough", "email")]
    [InlineData("name", "a\udb40\udc01@example.com", "long enough", "email")]
    [InlineData("name", "a@example.com", "short", "password")]
    [InlineData("name", "a@example.com", "nul\0nul\0nul", "password")]
    [InlineData("name", "a@example.com", "Password123", "password")]
    [InlineData("name", "a@example.com", "qwertyuiop", "password")]
    [InlineData("ada.lovelace", "a@example.com", "ADA.lovelace1815", "password")]
    [InlineData("name", "countess@example.com", "countess1!", "password")]
    [InlineData(null, null, null, "username", "email", "password")]
    public async Task A_wrong_field_is_named(string? username, string? email, string? password, params string[] fields)
    {
        var response = await _client.PostAsJsonAsync(Accounts.Register, new { username, email, password });

        await response.ShouldRefuseAsync(fields);
    }

    [Fact]
    public async Task A_text_beyond_its_length_is_refused_for_that_alone()
    {
        var username = new string('a', 100_000);
        var email = $"ada@{username}\u202e";
        var password = string.Concat(Enumerable.Repeat("ada", 43));

        var response = await _client.PostAsJsonAsync(Accounts.Register, new { username, email, password });

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        foreach (var error in problem.GetProperty("errors").EnumerateObject())
        {
            Assert.Contains("length", Assert.Single(error.Value.EnumerateArray()).GetString()!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_address_that_grows_beyond_its_column_when_normalized_is_refused()
    {
        // One character, eighteen in its normalized form.
        var response = await _client.RegisterAsync(
            TestUser.Create() with { Email = $"{string.Concat(Enumerable.Repeat("\ufdfa", 20))}@example.com" });

        await response.ShouldRefuseAsync("email");
    }

    [Fact]
    public async Task Half_of_a_surrogate_pair_is_a_bad_request()
    {
        const string body = """{"username":"name","email":"a\ud800@example.com","password":"long \udc00 enough"}""";

        var response = await _client.PostAsync(Accounts.Register, new StringContent(body, Encoding.UTF8, "application/json"));

        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("iloveyou")]
    [InlineData("TrustNo1")]
    public void The_most_frequent_passwords_are_known_regardless_of_case(string password)
    {
        Assert.Contains("too common", PasswordRules.FindFault(password, null, null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("ada likes the analytical engine")]
    public void A_long_phrase_is_a_good_password(string password)
    {
        Assert.Null(PasswordRules.FindFault(password, "ada", "ada@example.com"));
    }

    [Fact]
    public async Task A_client_decides_no_other_field()
    {
        var user = TestUser.Create();

        var json = $$"""
            {"username":"{{user.Username}}","email":"{{user.Email}}","password":"{{user.Password}}","id":"{{Guid.Empty}}",
            "passwordHash":"mine","createdAt":"2001-01-01","role":"admin","isDisabled":true}
            """;
        var response = await _client.PostAsync(Accounts.Register, new StringContent(json, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var account = await response.ReadJsonAsync();
        Assert.NotEqual(Guid.Empty, account.GetProperty("id").GetGuid());
        Assert.NotEqual(2001, account.GetProperty("createdAt").GetDateTimeOffset().Year);
        var tokens = await (await _client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();
        Assert.Empty(new SignedToken(tokens.Access).Claims["roles"]!.AsArray());
    }

    [Fact]
    public async Task A_password_is_the_same_however_its_characters_are_composed()
    {
        var user = TestUser.Create() with { Password = "cr\u00e8me br\u00fbl\u00e9e" };
        await _client.RegisterAsync(user);

        var decomposed = user.Password.Normalize(NormalizationForm.FormD);

        Assert.NotEqual(user.Password, decomposed);
        Assert.Equal(HttpStatusCode.OK, (await _client.SignInAsync(user.Username, decomposed)).StatusCode);
        await (await _client.SignInAsync(user.Username, "creme brulee")).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public async Task A_password_that_Unicode_does_not_normalize_is_taken_as_it_is()
    {
        var user = TestUser.Create() with { Password = "noncharacter \ufffe" };

        Assert.Equal(HttpStatusCode.Created, (await _client.RegisterAsync(user)).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await _client.SignInAsync(user.Username, user.Password)).StatusCode);
        await (await _client.SignInAsync(user.Username, "\ufffe")).ShouldBeUnauthorizedAsync();
        await (await _client.SignInAsync("\ufffe", user.Password)).ShouldBeUnauthorizedAsync();
    }

    [Fact]
    public void A_text_that_is_too_long_for_a_password_is_not_normalized()
    {
        var text = $"e{new string('\u0301', 4 * User.MaxPasswordLength)}";

        Assert.Same(text, User.NormalizePassword(text));
    }

    [Fact]
    public async Task A_hash_with_fewer_iterations_is_replaced_at_login()
    {
        var user = TestUser.Create();
        await _client.RegisterAsync(user);
        var weak = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 1 }))
            .HashPassword(null!, user.Password);
        await using var scope = api.Services.CreateAsyncScope();
        var stored = scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<User>()
            .Where(other => other.Username == user.Username);
        await stored.ExecuteUpdateAsync(set => set.SetProperty(other => other.PasswordHash, weak));

        Assert.Equal(HttpStatusCode.OK, (await _client.SignInAsync(user.Username, user.Password)).StatusCode);

        Assert.NotEqual(weak, await stored.Select(other => other.PasswordHash).SingleAsync());
        Assert.Equal(HttpStatusCode.OK, (await _client.SignInAsync(user.Username, user.Password)).StatusCode);
    }
}
