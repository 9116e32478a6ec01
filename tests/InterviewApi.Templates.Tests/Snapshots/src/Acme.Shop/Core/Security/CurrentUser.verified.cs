using System.Security.Claims;

namespace Acme.Shop.Core.Security;

/// <summary>The caller, as the validated access token describes it. Only this class knows the names of claims.</summary>
public sealed class CurrentUser(ClaimsPrincipal principal)
{
    /// <value>The role of administrators, and the policy that requires it.</value>
    public const string AdminRole = "admin";

    public bool IsAnonymous => Subject is null;

    /// <value>The subject of the token, which never changes. Reading it throws if the caller is anonymous.</value>
    public string Id => Subject ?? throw new InvalidOperationException("The caller is anonymous.");

    /// <value>The name that other users see; null if the token has none.</value>
    public string? Name => principal.Identity?.Name;

@@ auth=jwt|none
    /// <value>The session of an access token that endpoints have accepted.</value>
    public string SessionId => principal.FindFirstValue("sid")!;
@@ auth=oidc|none
    public IReadOnlyList<string> Roles =>
        [.. principal.Identities.SelectMany(identity => identity.FindAll(identity.RoleClaimType)).Select(claim => claim.Value)];
@@ always

    private string? Subject => principal.FindFirstValue("sub");
}
