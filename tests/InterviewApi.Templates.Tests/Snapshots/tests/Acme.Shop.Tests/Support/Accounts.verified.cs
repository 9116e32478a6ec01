using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Support;

/// <summary>Requests that register, sign in and sign out.</summary>
public static class Accounts
{
    public const string Register = "/api/v1/auth/register";
    public const string Token = "/api/v1/auth/token";
    public const string Logout = "/api/v1/auth/logout";
    public const string Me = "/api/v1/users/me";

    /// <value>What the application signs with, for tests that sign by themselves.</value>
    public static readonly string SigningKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Gives the application a signing key, and password hashes that cost no time.</summary>
    public static void UseTestAccounts(this IWebHostBuilder host)
    {
        host.UseSetting("Jwt:SigningKey", SigningKey);
        host.ConfigureServices(services =>
            services.PostConfigure<PasswordHasherOptions>(passwords => passwords.IterationCount = 1000));
    }

    public static Task<HttpResponseMessage> RegisterAsync(this HttpClient client, TestUser user) =>
        client.PostAsJsonAsync(Register, new { user.Username, user.Email, user.Password });

    /// <summary>Sends a form to the token endpoint.</summary>
    public static Task<HttpResponseMessage> AskForTokenAsync(this HttpClient client, params (string Name, string Value)[] form) =>
        client.PostAsync(Token, new FormUrlEncodedContent(form.ToDictionary(field => field.Name, field => field.Value)));

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

    /// <summary>Reads the caller's account with a token, which tells whether the token is good.</summary>
    public static Task<HttpResponseMessage> GetMeAsync(this HttpClient client, string accessToken) =>
        client.SendAsync(HttpMethod.Get, Me, accessToken);

    /// <summary>Asserts that the response is a complete refusal for want of a good token, and returns it.</summary>
    public static async Task<JsonElement> ShouldBeUnauthorizedAsync(this HttpResponseMessage response)
    {
        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        return problem;
    }

    private static Task<HttpResponseMessage> SendAsync(
        this HttpClient client, HttpMethod method, string address, string accessToken)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {accessToken}");
        return client.SendAsync(request);
    }
}
