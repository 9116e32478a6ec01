using System.Buffers.Text;
using System.Security.Cryptography;

namespace Acme.Shop.Core.Security;

/// <summary>
/// A refresh token: 256 random bits that all tokens of a session share, then 256 that are new in each. Only hashes of it
/// are stored. Who has the first part held a token of that session once: with a wrong second part it was used again.
/// </summary>
public sealed class RefreshToken
{
    private const int PartLength = 32;
    private readonly byte[] _bytes;

    private RefreshToken(byte[] bytes) => _bytes = bytes;

    /// <value>The text that the client keeps.</value>
    public string Text => Base64Url.EncodeToString(_bytes);

    public string SessionId => HashOf(_bytes.AsSpan(0, PartLength));

    public string Hash => HashOf(_bytes);

    /// <summary>The first token of a new session.</summary>
    public static RefreshToken Create() => new(RandomNumberGenerator.GetBytes(2 * PartLength));

    /// <summary>Reads a token as a client sent it.</summary>
    /// <returns>Null if it cannot be one.</returns>
    public static RefreshToken? Parse(string text)
    {
        var bytes = new byte[2 * PartLength];
        return Base64Url.IsValid(text, out var length)
            && length == bytes.Length
            && Base64Url.TryDecodeFromChars(text, bytes, out _)
                ? new(bytes)
                : null;
    }

    /// <summary>The token that comes after this one in its session.</summary>
    public RefreshToken Next() => new([.. _bytes.AsSpan(0, PartLength), .. RandomNumberGenerator.GetBytes(PartLength)]);

    private static string HashOf(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(SHA256.HashData(bytes));
}
