using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>Access tokens that are signed like those of the API, and say something else.</summary>
internal static class TestToken
{
    /// <summary>What every process of this run signs with.</summary>
    public static string SigningKey { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public static string WithClaim(string token, string claim, JsonNode value)
    {
        var parts = token.Split('.');
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject();
        claims[claim] = value;
        var content = $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(SigningKey), Encoding.ASCII.GetBytes(content));

        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }
}
