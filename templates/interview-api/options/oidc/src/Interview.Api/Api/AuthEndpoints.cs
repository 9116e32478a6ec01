using System.Security.Claims;
using InterviewApi.Core.Security;

namespace InterviewApi.Api;

/// <summary>The caller, as the access token describes it.</summary>
public sealed record UserResponse(string Id, string? Username, string? Email, IReadOnlyList<string> Roles);

/// <summary>The caller. It is the same in every version.</summary>
public static class AuthEndpoints
{
    public static void MapAuth(this RouteGroupBuilder api) =>
        api.MapGet("/users/me", GetMe).WithTags("Users").RequireAuthorization();

    /// <summary>Returns what the access token says about the caller.</summary>
    internal static Ok<UserResponse> GetMe(CurrentUser user, ClaimsPrincipal principal, HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new UserResponse(user.Id, user.Name, principal.FindFirstValue("email"), user.Roles));
    }
}
