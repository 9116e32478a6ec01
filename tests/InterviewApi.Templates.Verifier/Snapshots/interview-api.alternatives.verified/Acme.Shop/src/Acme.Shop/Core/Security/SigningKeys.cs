using System.Security.Cryptography;
using System.Text;
using Acme.Shop.Core.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Acme.Shop.Core.Security;

/// <summary>The configured keys. Each has an id made from the key itself, so that all instances name it alike.</summary>
public sealed partial class SigningKeys
{
    /// <value>The only algorithm in which tokens are signed and accepted.</value>
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

    /// <value>What new tokens are signed with.</value>
    public SigningCredentials Credentials { get; }

    /// <value>The keys whose signatures are good, the current one first.</value>
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
