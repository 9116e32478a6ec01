using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Acme.Shop.Tests.Support;

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
