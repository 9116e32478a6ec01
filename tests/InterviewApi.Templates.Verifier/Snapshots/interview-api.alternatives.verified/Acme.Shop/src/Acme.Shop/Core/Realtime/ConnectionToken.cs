using System.Globalization;
using System.Security.Claims;
using Acme.Shop.Core.Security;

namespace Acme.Shop.Core.Realtime;

/// <summary>The access token of a handshake: the connection lasts no longer than it, nor than its session.</summary>
public sealed record ConnectionToken(string SessionId, DateTimeOffset ExpiresAt)
{
    /// <summary>Reads the claims of a token that was accepted.</summary>
    public static ConnectionToken Of(ClaimsPrincipal user) => new(
        user.GetSessionId(),
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(user.FindFirstValue("exp")!, CultureInfo.InvariantCulture)));
}
