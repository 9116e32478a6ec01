using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Acme.Shop.Models;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Acme.Shop.Core.Security;

/// <summary>Signs access tokens, which are JWTs of the type that RFC 9068 section 2.1 defines.</summary>
public sealed class AccessTokens
{
    /// <value>The <c>typ</c> header that distinguishes an access token from any other JWT.</value>
    public const string TokenType = "at+jwt";

    /// <value>The only algorithm for signing and accepting tokens.</value>
    public const string Algorithm = SecurityAlgorithms.HmacSha256;

    /// <value>The claim that RFC 9068 section 2.2.3.1 defines.</value>
    public const string RoleClaim = "roles";

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly JwtOptions _options;
    private readonly TimeProvider _time;

    public AccessTokens(IOptions<JwtOptions> options, TimeProvider time, ILogger<AccessTokens> logger)
    {
        _options = options.Value;
        _time = time;
        var signingKey = _options.SigningKey;
        if (signingKey.Length == 0)
        {
            signingKey = RandomNumberGenerator.GetHexString(64);
            logger.LogWarning("Jwt__SigningKey is not set: tokens are signed with a key that is lost when this process ends.");
        }

        Keys = [.. _options.PreviousSigningKeys.Prepend(signingKey).Select(CreateKey)];
    }

    /// <value>The keys whose signatures are accepted. The first one signs new tokens.</value>
    public IReadOnlyList<SecurityKey> Keys { get; }

    public string Create(User user, string sessionId)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = TokenType,
            Issuer = _options.Issuer,
            Audience = _options.Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(_options.AccessTokenMinutes),
            SigningCredentials = new SigningCredentials(Keys[0], Algorithm),
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
                [JwtRegisteredClaimNames.Sub] = user.Id.ToString(),
                [JwtRegisteredClaimNames.PreferredUsername] = user.Username,
                [JwtRegisteredClaimNames.Sid] = sessionId,
                [RoleClaim] = user.Role is { } role ? new[] { role } : [],
            },
        });
    }

    // The id of a key is its thumbprint, so all instances use the same id.
    private static SymmetricSecurityKey CreateKey(string secret)
    {
        var key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret));
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        return key;
    }
}

/// <summary>A refresh token: 256 random bits that identify the session, then 256 bits of its own. Only hashes are stored.</summary>
// A known session with an unknown token means that a token was replayed.
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

    /// <summary>Derives the successor. The same key yields the same one, so a repeated refresh needs no stored token.</summary>
    public RefreshToken Next(byte[] rotationKey) =>
        new([.. _bytes.AsSpan(0, PartLength), .. HMACSHA256.HashData(rotationKey, _bytes)]);

    private static string HashOf(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(SHA256.HashData(bytes));
}

/// <summary>The tokens of password resets: 256 random bits. The database stores only hashes.</summary>
public static class ResetToken
{
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string HashOf(string token) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
