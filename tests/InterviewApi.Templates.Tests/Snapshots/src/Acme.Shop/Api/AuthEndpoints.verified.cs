using System.Security.Claims;
using Acme.Shop.Core.Security;
using Acme.Shop.Schemas;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Acme.Shop.Api;

/// <summary>Accounts and their tokens. They are the same in every version.</summary>
public static class AuthEndpoints
{
    public static void MapAuth(this RouteGroupBuilder api)
    {
        var accounts = api.MapGroup("/").WithTags("Accounts");
        var register = accounts.MapPost("/auth/register", Register)
            .AllowAnonymous()
            .AddEndpointFilter(RefuseWhenQueueIsFull)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        var token = accounts.MapPost("/auth/token", IssueToken)
            .AllowAnonymous()
            .AddEndpointFilter(RefuseWhenQueueIsFull)
            .DisableAntiforgery()
            .WithMetadata(new AcceptsMetadata(["application/x-www-form-urlencoded"]))
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        accounts.MapPost("/auth/logout", Logout).RequireToken();
        accounts.MapGet("/users/me", GetMe).RequireToken();
@@ rate-limiting=true
        register.RequireRateLimiting("auth");
        token.RequireRateLimiting("auth");
        token.AddEndpointFilter<AccountRateLimit>();
@@ always
    }

    /// <summary>Creates an account.</summary>
    internal static async Task<Results<Created<UserResponse>, ProblemHttpResult>> Register(
        RegistrationRequest request, UserService users, CancellationToken cancellationToken)
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
        SessionService sessions,
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

    /// <summary>Revokes the access token and its family of refresh tokens.</summary>
    internal static async Task<NoContent> Logout(
        ClaimsPrincipal user, SessionService sessions, CancellationToken cancellationToken)
    {
        await sessions.SignOutAsync(user.GetSessionId(), user.GetUserId(), cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Returns the caller's account.</summary>
    internal static async Task<Results<Ok<UserResponse>, ChallengeHttpResult>> GetMe(
        ClaimsPrincipal user, HttpResponse response, UserService users, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        return await users.FindAsync(user.GetUserId(), cancellationToken) is { } found
            ? TypedResults.Ok(UserResponse.From(found))
            : TypedResults.Challenge();
    }

    private static async ValueTask<object?> RefuseWhenQueueIsFull(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (PasswordQueueFullException)
        {
            context.HttpContext.RequestServices.GetRequiredService<SecurityLog>().PasswordQueueFull();
            context.HttpContext.Response.Headers.RetryAfter = "1";
            return TypedResults.Problem(statusCode: StatusCodes.Status503ServiceUnavailable);
        }
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

    // The error codes of RFC 6749 section 5.2.
    private static ProblemHttpResult Refuse(int status, string error) => TypedResults.Problem(
        statusCode: status, extensions: new Dictionary<string, object?> { ["error"] = error });
}

/// <summary>Endpoints that require an access token.</summary>
public static class TokenRequirement
{
    /// <summary>Requires an access token, and documents the 401.</summary>
    public static TBuilder RequireToken<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Finally(Require);
        return endpoints;
    }

    /// <summary>Requires an access token for the writes of a group that do not allow anonymous requests.</summary>
    public static void RequireTokenForWrites(this RouteGroupBuilder group) =>
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            if (IsWrite(endpoint) && !endpoint.Metadata.OfType<IAllowAnonymous>().Any())
            {
                Require(endpoint);
            }
        });

    private static bool IsWrite(EndpointBuilder endpoint) =>
        endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is not { HttpMethods: { Count: > 0 } methods }
        || methods.Any(method => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method));

    private static void Require(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<IAuthorizeData>().Any())
        {
            return;
        }

        endpoint.Metadata.Add(new AuthorizeAttribute());
        endpoint.Metadata.Add(new ProducesResponseTypeMetadata(
            StatusCodes.Status401Unauthorized, typeof(ProblemDetails), ["application/problem+json"]));
    }
}
