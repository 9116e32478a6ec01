using System.Buffers.Text;
using System.Security.Cryptography;

namespace InterviewApi.Core.Security;

/// <summary>
/// A refresh token: 256 random bits that identify the session, then 256 bits that are unique to the token. The database
/// stores only hashes. A known session with an unknown token means that a token was replayed.
/// </summary>
public sealed class RefreshToken
{
    private const int PartLength = 32;
    private readonly byte[] _bytes;

    private RefreshToken(byte[] bytes) => _bytes = bytes;

    /// <value>The text that the client stores.</value>
    public string Text => Base64Url.EncodeToString(_bytes);

    public string SessionId => HashOf(_bytes.AsSpan(0, PartLength));

    public string Hash => HashOf(_bytes);

    /// <summary>Creates the first token of a new session.</summary>
    public static RefreshToken Create() => new(RandomNumberGenerator.GetBytes(2 * PartLength));

    /// <summary>Creates the key of one rotation. Store it with the session.</summary>
    public static byte[] CreateRotationKey() => RandomNumberGenerator.GetBytes(PartLength);

    /// <returns>Null if the text that a client sent is malformed.</returns>
    public static RefreshToken? Parse(string text) =>
        Base64Url.IsValid(text, out var length) && length == 2 * PartLength ? new(Base64Url.DecodeFromChars(text)) : null;

    /// <summary>
    /// Derives the successor of this token. The same key yields the same successor, so a repeated refresh needs no
    /// stored token. Neither the key alone nor the token alone reveals the successor.
    /// </summary>
    public RefreshToken Next(byte[] rotationKey) =>
        new([.. _bytes.AsSpan(0, PartLength), .. HMACSHA256.HashData(rotationKey, _bytes)]);

    private static string HashOf(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(SHA256.HashData(bytes));
}
