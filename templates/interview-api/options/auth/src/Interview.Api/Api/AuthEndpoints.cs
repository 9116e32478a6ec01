using System.Security.Claims;
using InterviewApi.Core.Security;
using InterviewApi.Schemas;
using InterviewApi.Services;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace InterviewApi.Api;

/// <summary>Accounts and their tokens, the same in every version.</summary>
public static class AuthEndpoints
{
    public static void MapAuth(this RouteGroupBuilder api)
    {
        var auth = api.MapGroup("/auth").WithTags("Accounts");
        auth.MapPost("/logout", Logout).RequireToken();

        var credentials = auth.MapGroup("").AllowAnonymous();
        credentials.MapPost("/register", Register)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status409Conflict);
        var token = credentials.MapPost("/token", IssueToken)
            .DisableAntiforgery()
            .WithMetadata(new AcceptsMetadata(["application/x-www-form-urlencoded"]))
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized);
#if (UseRateLimiting)
        credentials.RequireRateLimiting("auth");
        token.AddEndpointFilter<AccountRateLimit>();
#endif
    }

    /// <summary>Creates an account.</summary>
    internal static async Task<Results<Created<UserResponse>, ProblemHttpResult>> Register(
        RegistrationRequest request, IUserService users, CancellationToken cancellationToken)
    {
        var user = await users.RegisterAsync(request.Username!, request.Email!, request.Password!, cancellationToken);
        return user is null
            ? TypedResults.Problem(
                statusCode: StatusCodes.Status409Conflict, detail: "The user name or the e-mail address is taken.")
            : TypedResults.Created((string?)null, UserResponse.From(user));
    }

    /// <summary>Issues tokens for a password or for a refresh token (RFC 6749 sections 4.3 and 6).</summary>
    internal static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> IssueToken(
        HttpContext context,
        ISessionService sessions,
        [FromForm(Name = "grant_type")] string? grantType,
        [FromForm] string? username,
        [FromForm] string? password,
        [FromForm(Name = "refresh_token")] string? refreshToken,
        CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        switch (grantType)
        {
            case "password" when username is { Length: > 0 } && password is { Length: > 0 }:
                return Answer(context, await sessions.SignInAsync(username, password, cancellationToken));
            case "refresh_token" when refreshToken is { Length: > 0 }:
                return Answer(context, await sessions.RefreshAsync(refreshToken, cancellationToken));
            case "password" or "refresh_token":
                return Refuse(StatusCodes.Status400BadRequest, "invalid_request");
            default:
                return Refuse(StatusCodes.Status400BadRequest, "unsupported_grant_type");
        }
    }

    /// <summary>Revokes the access token and the refresh token that came with it.</summary>
    internal static async Task<NoContent> Logout(
        ClaimsPrincipal user, ISessionService sessions, CancellationToken cancellationToken)
    {
        await sessions.SignOutAsync(user.GetSessionId(), cancellationToken);
        return TypedResults.NoContent();
    }

    private static Results<Ok<TokenResponse>, ProblemHttpResult> Answer(HttpContext context, TokenPair? tokens)
    {
        if (tokens is not null)
        {
            return TypedResults.Ok(TokenResponse.From(tokens));
        }

        context.Response.Headers.Append(HeaderNames.WWWAuthenticate, "Bearer");
        return Refuse(StatusCodes.Status401Unauthorized, "invalid_grant");
    }

    // The error codes of RFC 6749 section 5.2, for clients that know the protocol.
    private static ProblemHttpResult Refuse(int status, string error) => TypedResults.Problem(
        statusCode: status, extensions: new Dictionary<string, object?> { ["error"] = error });
}
