using Acme.Shop.Core.Security;
using Acme.Shop.Schemas;
using Acme.Shop.Services;

namespace Acme.Shop.Api;

/// <summary>Accounts, as their owners and administrators see them.</summary>
public static class UserEndpoints
{
    public static void MapUsers(this RouteGroupBuilder accounts)
    {
        var users = accounts.MapGroup("/users");
        users.MapGet("/me", GetMe).RequireAuthorization();
        users.MapGet("/me/sessions", ListSessions).RequireAuthorization();
        users.MapDelete("/me/sessions/{id}", EndSession).RequireAuthorization().ProducesProblem(StatusCodes.Status404NotFound);
        users.MapGet("/", ListUsers)
            .RequireAuthorization(CurrentUser.AdminRole)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status403Forbidden);
    }

    /// <summary>Returns the caller's account.</summary>
    internal static async Task<Results<Ok<UserResponse>, ChallengeHttpResult>> GetMe(
        CurrentUser user, HttpResponse response, UserService users, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        return await users.FindAsync(Guid.Parse(user.Id), cancellationToken) is { } found
            ? TypedResults.Ok(UserResponse.From(found))
            : TypedResults.Challenge();
    }

    /// <summary>Lists the caller's sessions, the most recently refreshed first.</summary>
    internal static async Task<Ok<SessionResponse[]>> ListSessions(
        CurrentUser user, HttpResponse response, SessionService sessions, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        var found = await sessions.ListAsync(Guid.Parse(user.Id), cancellationToken);
        return TypedResults.Ok(found.Select(session => SessionResponse.From(session, user.SessionId)).ToArray());
    }

    /// <summary>Ends one of the caller's sessions.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> EndSession(
        string id, CurrentUser user, SessionService sessions, CancellationToken cancellationToken) =>
        await sessions.SignOutAsync(id, Guid.Parse(user.Id), cancellationToken)
            ? TypedResults.NoContent()
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound);

    /// <summary>Lists accounts by user name, for administrators, with links to the next and the previous page.</summary>
    internal static async Task<Ok<UserListItem[]>> ListUsers(
        HttpContext context, UserService users, [AsParameters] Paging paging, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";

        // One item beyond the page shows whether there is a next page.
        var found = await users.ListAsync(paging.Skip, paging.Limit + 1, cancellationToken);
        PageLinks.Write(context, paging, found.Count > paging.Limit);
        return TypedResults.Ok(found.Take(paging.Limit).Select(UserListItem.From).ToArray());
    }
}
