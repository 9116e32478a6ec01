using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acme.Shop.Tests.Support;

/// <summary>Requests with an access token.</summary>
public static class TestTokens
{
    public const string Me = "/api/v1/users/me";

    /// <summary>Reads who the caller is with a token, which shows whether the token is valid.</summary>
    public static Task<HttpResponseMessage> GetMeAsync(this HttpClient client, string accessToken) =>
        client.SendAsync(HttpMethod.Get, Me, accessToken);

    /// <summary>Asserts that the response is a complete 401, and returns its problem details.</summary>
    public static async Task<JsonElement> ShouldBeUnauthorizedAsync(this HttpResponseMessage response)
    {
        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        return problem;
    }

    public static Task<HttpResponseMessage> SendAsync(
        this HttpClient client, HttpMethod method, string address, string accessToken, object? body = null)
    {
        var request = new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {accessToken}");
        return client.SendAsync(request);
    }
}

/// <summary>An access token taken apart, so that a test can change it and sign it again as an attacker might.</summary>
public sealed class SignedToken
{
    private readonly string _signature;

    public SignedToken(string text)
    {
        var parts = text.Split('.');
        Header = Decode(parts[0]);
        Claims = Decode(parts[1]);
        _signature = parts[2];
    }

    public JsonObject Header { get; }

    public JsonObject Claims { get; }

    private string Content => $"{Encode(Header)}.{Encode(Claims)}";

    /// <summary>The token as it is now, with the signature that it came with.</summary>
    public string WithOldSignature() => $"{Content}.{_signature}";

    public string WithoutSignature() => $"{Content}.";

    public string Sign(string key) => Sign(content => HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), content));

    public string Sign(Func<byte[], byte[]> sign) =>
        $"{Content}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(Content)))}";

    private static JsonObject Decode(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
