using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace InterviewApi.Core.Security;

/// <summary>The configured keys. The id of a key is its thumbprint, so all instances use the same one.</summary>
public sealed partial class SigningKeys
{
    /// <value>The only algorithm that signs tokens, and the only one that is accepted.</value>
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

    /// <value>Signs new tokens.</value>
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
