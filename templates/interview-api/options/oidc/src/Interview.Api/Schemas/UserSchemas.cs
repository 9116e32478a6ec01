using System.Security.Claims;

namespace InterviewApi.Schemas;

/// <summary>The caller, as the access token describes it.</summary>
public sealed record UserResponse(string Id, string? Username, string? Email, IReadOnlyList<string> Roles)
{
    public static UserResponse From(ClaimsPrincipal user) => new(
        user.FindFirstValue("sub")!,
        user.FindFirstValue("preferred_username"),
        user.FindFirstValue("email"),
        [.. user.FindAll(((ClaimsIdentity)user.Identity!).RoleClaimType).Select(role => role.Value)]);
}
