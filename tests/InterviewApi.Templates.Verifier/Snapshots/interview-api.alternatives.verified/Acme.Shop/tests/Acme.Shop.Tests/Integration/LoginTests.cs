using System.Net;
using System.Net.Http.Json;
using System.Text;
using Acme.Shop.Core.Data;
using Acme.Shop.Models;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Integration;

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
    [InlineData("password", "invalid_request")]
    [InlineData("refresh_token", "invalid_request")]
    [InlineData("client_credentials", "unsupported_grant_type")]
    [InlineData("", "unsupported_grant_type")]
    public async Task An_incomplete_form_is_refused(string grantType, string error)
    {
        var response = await _client.AskForTokenAsync(("grant_type", grantType), ("username", "name"));

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(error, problem.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Only_a_form_is_read()
    {
        var response = await _client.PostAsJsonAsync(Accounts.Token, new { grant_type = "password" });

        await response.ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType);
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

    [Fact]
    public async Task A_login_beyond_the_password_queue_is_refused_at_once_and_the_queue_drains()
    {
        var hasher = new BlockedHasher();
        await using var own = new ApiFactory().Replace<IPasswordHasher<User>>(hasher);
        await own.InitializeAsync();
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
