using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Acme.Shop.Core.Data;
using Acme.Shop.Core.Security;
using Acme.Shop.Dependencies;
using Acme.Shop.Models;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Acme.Shop.Tests.Support;

/// <summary>An account, registered or not.</summary>
public sealed record TestUser(string Username, string Email, string Password)
{
    /// <summary>A user that no other test knows.</summary>
    public static TestUser Create()
    {
        var name = $"user-{Guid.NewGuid():N}";
        return new(name, $"{name}@example.com", "correct horse battery staple");
    }
}

/// <summary>A response of the token endpoint.</summary>
public sealed record Tokens(string Access, string Refresh);

/// <summary>Requests that register, sign in and sign out.</summary>
public static class Accounts
{
    public const string Register = "/api/v1/auth/register";
    public const string Token = "/api/v1/auth/token";
    public const string Logout = "/api/v1/auth/logout";
    public const string LogoutAll = "/api/v1/auth/logout-all";
    public const string Password = "/api/v1/auth/password";
    public const string ForgottenPassword = "/api/v1/auth/password/forgot";
    public const string PasswordReset = "/api/v1/auth/password/reset";
    public const string Users = "/api/v1/users";
    public const string Me = TestTokens.Me;
    public const string Sessions = TestTokens.Me + "/sessions";

    /// <value>The key that the application signs with, for tests that sign tokens themselves.</value>
    public static readonly string SigningKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Configures a signing key, and password hashes that take no time.</summary>
    public static void UseTestUsers(this IWebHostBuilder host)
    {
        host.UseSetting("Jwt:SigningKey", SigningKey);
        host.ConfigureServices(services =>
            services.PostConfigure<PasswordHasherOptions>(passwords => passwords.IterationCount = 1000));
    }

    /// <summary>A client that is signed in as a new user.</summary>
    public static async Task<HttpClient> CreateClientForAsync(this ApiFactory api, TestUser user)
    {
        var tokens = await api.SignUpAsync(user);
        var client = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Access);
        return client;
    }

    /// <summary>Registers a new user and signs the user in.</summary>
    public static async Task<Tokens> SignUpAsync(this ApiFactory api, TestUser user)
    {
        using var client = api.CreateClient();
        Assert.Equal(HttpStatusCode.Created, (await client.RegisterAsync(user)).StatusCode);
        return await (await client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();
    }

    /// <summary>Registers a new user, makes the user an administrator, and signs the user in.</summary>
    public static async Task<Tokens> SignUpAdministratorAsync(this ApiFactory api, TestUser user)
    {
        await api.SignUpAsync(user);
        Assert.True(await api.RunUsersAsync("promote", user.Username));
        return await (await api.CreateClient().SignInAsync(user.Username, user.Password)).ReadTokensAsync();
    }

    /// <summary>Runs a <c>users</c> command, and returns whether it succeeded.</summary>
    public static async Task<bool> RunUsersAsync(this ApiFactory api, params string[] verb) =>
        await api.Services.GetRequiredService<IHost>().RunVerbAsync(["users", .. verb]) == true;

    /// <summary>A client of a new user with a session, without a registration, a password or an event.</summary>
    // For tests that are not about login: it signs its own token instead of requesting one.
    public static async Task<HttpClient> CreateSignedClientAsync(this ApiFactory api)
    {
        var account = TestUser.Create();
        var user = new User
        {
            Id = Guid.NewGuid(),
            Username = account.Username,
            NormalizedUsername = User.Normalize(account.Username),
            Email = account.Email,
            NormalizedEmail = User.Normalize(account.Email),
            PasswordHash = "",
        };
        var session = new Session
        {
            Id = $"{Guid.NewGuid():N}",
            User = user,
            RefreshTokenHash = "",
            ExpiresAt = api.Time.GetUtcNow().AddDays(1),
            EndsAt = api.Time.GetUtcNow().AddDays(1),
        };
        await using var scope = api.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        db.Add(session);
        await db.SaveChangesAsync();

        var client = api.CreateClient();
        var token = api.Services.GetRequiredService<AccessTokens>().Create(user, session.Id);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public static Task<HttpResponseMessage> RegisterAsync(this HttpClient client, TestUser user) =>
        client.PostAsJsonAsync(Register, new { user.Username, user.Email, user.Password });

    /// <summary>Sends a form to the token endpoint.</summary>
    public static Task<HttpResponseMessage> AskForTokenAsync(this HttpClient client, params (string Name, string Value)[] form) =>
        client.PostAsync(Token, new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    public static Task<HttpResponseMessage> SignInAsync(this HttpClient client, string username, string password) =>
        client.AskForTokenAsync(("grant_type", "password"), ("username", username), ("password", password));

    public static Task<HttpResponseMessage> RefreshAsync(this HttpClient client, string refreshToken) =>
        client.AskForTokenAsync(("grant_type", "refresh_token"), ("refresh_token", refreshToken));

    public static Task<HttpResponseMessage> LogoutAsync(this HttpClient client, string accessToken) =>
        client.SendAsync(HttpMethod.Post, Logout, accessToken);

    public static async Task<Tokens> ReadTokensAsync(this HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var json = await response.ReadJsonAsync();
        return new(json.GetProperty("access_token").GetString()!, json.GetProperty("refresh_token").GetString()!);
    }
}
