using System.Security.Claims;
using Acme.Shop.Core.Security;
using Acme.Shop.Schemas;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Acme.Shop.Api;

/// <summary>Users, the same in every version.</summary>
public static class UserEndpoints
{
    public static void MapUsers(this RouteGroupBuilder api)
    {
        var users = api.MapGroup("/users").WithTags("Accounts");
        users.MapGet("/me", GetMe).RequireToken();
    }

    /// <summary>Reads the account that the token belongs to.</summary>
    internal static async Task<Results<Ok<UserResponse>, ChallengeHttpResult>> GetMe(
        ClaimsPrincipal user, HttpResponse response, IUserService users, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        return await users.FindAsync(user.GetUserId(), cancellationToken) is { } found
            ? TypedResults.Ok(UserResponse.From(found))
            : TypedResults.Challenge();
    }
}
