using System.Security.Claims;

namespace Acme.Shop.Core.Security;

/// <summary>The claims of an access token by name, and how an endpoint reads them.</summary>
public static class TokenClaims
{
    public const string UserId = "sub";
    public const string Username = "preferred_username";
    public const string SessionId = "sid";

    /// <summary>The id of the signed-in user. Only for endpoints that need a token.</summary>
    public static Guid GetUserId(this ClaimsPrincipal user) => Guid.Parse(user.FindFirstValue(UserId)!);

    /// <summary>The session that the token belongs to. Only for endpoints that need a token.</summary>
    public static string GetSessionId(this ClaimsPrincipal user) => user.FindFirstValue(SessionId)!;
}
