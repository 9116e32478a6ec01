using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>Somebody who is signed in to a running API.</summary>
internal sealed record TestAccount(string Username, string Password, string AccessToken, string RefreshToken)
{
    private const string Auth = "/api/v1/auth";

    public static async Task<TestAccount> SignUpAsync(HttpClient client)
    {
        var (name, password) = ($"user-{Guid.NewGuid():N}", $"password-{Guid.NewGuid():N}");
        using var response = await RegisterAsync(client, name, $"{name}@example.com", password);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);

        return await SignInAsync(client, name, password);
    }

    public static Task<HttpResponseMessage> RegisterAsync(HttpClient client, string username, string email, string password) =>
        client.PostAsJsonAsync($"{Auth}/register", new { username, email, password });

    public static async Task<TestAccount> SignInAsync(HttpClient client, string username, string password)
    {
        using var response = await AskForTokenAsync(client, ("grant_type", "password"), ("username", username), ("password", password));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var tokens = await response.Content.ReadFromJsonAsync<JsonElement>();

        return new TestAccount(
            username, password, tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("refresh_token").GetString()!);
    }

    public static Task<HttpResponseMessage> RefreshAsync(HttpClient client, string refreshToken) =>
        AskForTokenAsync(client, ("grant_type", "refresh_token"), ("refresh_token", refreshToken));

    public static Task<HttpResponseMessage> AskForTokenAsync(HttpClient client, params (string Name, string Value)[] form) =>
        client.PostAsync($"{Auth}/token", new FormUrlEncodedContent(form.ToDictionary(field => field.Name, field => field.Value)));

    public static Task<HttpResponseMessage> GetMeAsync(HttpClient client, string accessToken) =>
        SendAsync(client, HttpMethod.Get, "/api/v1/users/me", accessToken);

    public Task<HttpResponseMessage> LogoutAsync(HttpClient client) => SendAsync(client, HttpMethod.Post, $"{Auth}/logout", AccessToken);

    public static Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, string address, string accessToken, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, address) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {accessToken}");

        // A client that sends a body that is refused may never see why: so it asks before, as RFC 9110 section 10.1.1 has it.
        request.Headers.ExpectContinue = content is not null;

        return client.SendAsync(request);
    }
}
