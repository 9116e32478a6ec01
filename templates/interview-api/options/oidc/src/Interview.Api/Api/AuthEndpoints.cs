using System.Security.Claims;
using InterviewApi.Schemas;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InterviewApi.Api;

/// <summary>The caller. It is the same in every version.</summary>
public static class AuthEndpoints
{
    public static void MapAuth(this RouteGroupBuilder api) =>
        api.MapGet("/users/me", GetMe).WithTags("Users").RequireAuthorization();

    /// <summary>Returns what the access token says about the caller.</summary>
    internal static Ok<UserResponse> GetMe(ClaimsPrincipal user, HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(UserResponse.From(user));
    }
}
