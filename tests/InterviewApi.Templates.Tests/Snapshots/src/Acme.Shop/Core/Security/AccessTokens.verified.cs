using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Acme.Shop.Models;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Acme.Shop.Core.Security;

/// <summary>Signs access tokens, which are JWTs of the type that RFC 9068 section 2.1 defines.</summary>
public sealed class AccessTokenFactory(SigningKeys keys, IOptions<JwtOptions> options, TimeProvider time)
{
    /// <value>The <c>typ</c> header that distinguishes an access token from any other JWT.</value>
    public const string TokenType = "at+jwt";

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(options.Value.AccessTokenMinutes);

    public string Create(User user, string sessionId)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = TokenType,
            Issuer = options.Value.Issuer,
            Audience = options.Value.Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + Lifetime,
            SigningCredentials = keys.Credentials,
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
                [TokenClaims.UserId] = user.Id.ToString(),
                [TokenClaims.Username] = user.Username,
                [TokenClaims.SessionId] = sessionId,
            },
        });
    }
}

/// <summary>The claim names, and accessors for endpoints that require a token.</summary>
public static class TokenClaims
{
    public const string UserId = "sub";
    public const string Username = "preferred_username";
    public const string SessionId = "sid";

    public static Guid GetUserId(this ClaimsPrincipal user) => Guid.Parse(user.FindFirstValue(UserId)!);

    public static string GetSessionId(this ClaimsPrincipal user) => user.FindFirstValue(SessionId)!;
}

/// <summary>The configured keys. The id of a key is its thumbprint, so all instances use the same id.</summary>
public sealed partial class SigningKeys
{
    /// <value>The only algorithm for signing and accepting tokens.</value>
    public const string Algorithm = SecurityAlgorithms.HmacSha256;

    public SigningKeys(IOptions<JwtOptions> options, ILogger<SigningKeys> logger)
    {
        if (options.Value.SigningKey.Length == 0)
        {
            LogTemporaryKey(logger);
        }

        var current = options.Value.SigningKey.Length == 0
            ? Create(RandomNumberGenerator.GetBytes(32))
            : Create(Encoding.UTF8.GetBytes(options.Value.SigningKey));
        Credentials = new SigningCredentials(current, Algorithm);
        Accepted = [current, .. options.Value.PreviousSigningKeys.Select(key => Create(Encoding.UTF8.GetBytes(key)))];
    }

    /// <value>The credentials that sign new tokens.</value>
    public SigningCredentials Credentials { get; }

    /// <value>The keys whose signatures are accepted, the current one first.</value>
    public IReadOnlyList<SecurityKey> Accepted { get; }

    private static SymmetricSecurityKey Create(byte[] secret)
    {
        var key = new SymmetricSecurityKey(secret);
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        return key;
    }

    [LoggerMessage(LogLevel.Warning, "Jwt__SigningKey is not set: tokens are signed with a key that is lost when this process ends.")]
    private static partial void LogTemporaryKey(ILogger logger);
}
