@@ auth=oidc|none
using System.Security.Claims;
@@ always
using Acme.Shop.Core.Security;
@@ auth=jwt|none
using Acme.Shop.Schemas;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
@@ always

namespace Acme.Shop.Api;

@@ auth=jwt|none
/// <summary>Accounts and their tokens. They are the same in every version.</summary>
@@ auth=oidc|none
/// <summary>The caller, as the access token describes it.</summary>
public sealed record UserResponse(string Id, string? Username, string? Email, IReadOnlyList<string> Roles);

/// <summary>The caller. It is the same in every version.</summary>
@@ always
public static class AuthEndpoints
{
@@ auth=jwt|none
    public static void MapAuth(this RouteGroupBuilder api)
    {
        var accounts = api.MapGroup("/").WithTags("Accounts");
        var auth = accounts.MapGroup("/auth")
            .AddEndpointFilter(RefuseWhenQueueIsFull)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        auth.MapPost("/register", Register)
            .AllowAnonymous()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status409Conflict);
        var token = auth.MapPost("/token", IssueToken)
            .AllowAnonymous()
            .WithMetadata(new AcceptsMetadata(["application/x-www-form-urlencoded"]))
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        auth.MapPost("/password/forgot", RequestPasswordReset).AllowAnonymous().ProducesValidationProblem();
        auth.MapPost("/password/reset", ResetPassword).AllowAnonymous();
        var password = auth.MapPost("/password", ChangePassword).RequireAuthorization();
        accounts.MapPost("/auth/logout", Logout).RequireAuthorization();
        accounts.MapPost("/auth/logout-all", LogoutAll).RequireAuthorization();
        accounts.MapUsers();
@@ auth=jwt|none rate-limiting=true
        auth.RequireRateLimiting("auth");
        token.AddEndpointFilter<AccountRateLimit>();
        password.AddEndpointFilter<AccountRateLimit>();
@@ auth=jwt|none
    }

    /// <summary>Creates an account.</summary>
    internal static async Task<Results<Created<UserResponse>, ProblemHttpResult>> Register(
        RegistrationRequest request, UserService users, CancellationToken cancellationToken)
    {
        var user = await users.RegisterAsync(request.Username!, request.Email!, request.Password!, cancellationToken);
        return user is null
            ? TypedResults.Problem("The user name or the e-mail address is taken.", statusCode: StatusCodes.Status409Conflict)
            : TypedResults.Created((string?)null, UserResponse.From(user));
    }
@@ auth=oidc|none
    public static void MapAuth(this RouteGroupBuilder api) =>
        api.MapGet("/users/me", GetMe).WithTags("Users").RequireAuthorization();
@@ always

@@ auth=jwt|none
    /// <summary>Issues tokens for a password or for a refresh token (RFC 6749 sections 4.3 and 6).</summary>
    internal static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> IssueToken(
        HttpContext context, SessionService sessions, [FromForm(Name = "grant_type")] string? grantType,
        [FromForm] string? username, [FromForm] string? password, [FromForm(Name = "refresh_token")] string? refreshToken,
        CancellationToken cancellationToken)
@@ auth=oidc|none
    /// <summary>Returns what the access token says about the caller.</summary>
    internal static Ok<UserResponse> GetMe(CurrentUser user, ClaimsPrincipal principal, HttpResponse response)
@@ always
    {
@@ auth=jwt|none
        var response = context.Response;
@@ always
        response.Headers.CacheControl = "no-store";
@@ auth=jwt|none
        return grantType switch
        {
            // RFC 6749 section 3.2: no parameter may be repeated.
            _ when context.Request.HasFormContentType && context.Request.Form.Any(parameter => parameter.Value.Count > 1) =>
                Refuse(StatusCodes.Status400BadRequest, "invalid_request"),
            "password" when username is { Length: > 0 } && password is { Length: > 0 } =>
                Answer(response, await sessions.SignInAsync(username, password, cancellationToken)),
            "refresh_token" when refreshToken is { Length: > 0 } =>
                Answer(response, await sessions.RefreshAsync(refreshToken, cancellationToken)),
            "password" or "refresh_token" => Refuse(StatusCodes.Status400BadRequest, "invalid_request"),
            _ => Refuse(StatusCodes.Status400BadRequest, "unsupported_grant_type"),
        };
    }

    /// <summary>Revokes the access token and its family of refresh tokens.</summary>
    internal static async Task<NoContent> Logout(
        CurrentUser user, SessionService sessions, CancellationToken cancellationToken)
    {
        await sessions.SignOutAsync(user.SessionId, Guid.Parse(user.Id), cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Revokes all sessions of the caller, this one included.</summary>
    internal static async Task<NoContent> LogoutAll(
        CurrentUser user, SessionService sessions, CancellationToken cancellationToken)
    {
        await sessions.SignOutEverywhereAsync(Guid.Parse(user.Id), cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Changes the caller's password, and ends all other sessions of the caller.</summary>
    internal static async Task<Results<NoContent, ValidationProblem>> ChangePassword(
        PasswordChangeRequest request, CurrentUser user, UserService users, CancellationToken cancellationToken) =>
        Answer(nameof(request.CurrentPassword), await users.ChangePasswordAsync(
            Guid.Parse(user.Id), user.SessionId, request.CurrentPassword!, request.NewPassword!, cancellationToken));

    /// <summary>Sends a token to the address, if it belongs to an account. The response is always the same.</summary>
    internal static async Task<Accepted> RequestPasswordReset(
        ForgottenPasswordRequest request, UserService users, CancellationToken cancellationToken)
    {
        await users.RequestPasswordResetAsync(request.Email!, cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    /// <summary>Sets a new password with the token from the e-mail, and ends all sessions of the user.</summary>
    internal static async Task<Results<NoContent, ValidationProblem>> ResetPassword(
        PasswordResetRequest request, UserService users, CancellationToken cancellationToken) =>
        Answer(nameof(request.Token), await users.ResetPasswordAsync(request.Token!, request.NewPassword!, cancellationToken));

    private static async ValueTask<object?> RefuseWhenQueueIsFull(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (PasswordQueueFullException)
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            return TypedResults.Problem(statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static Results<Ok<TokenResponse>, ProblemHttpResult> Answer(HttpResponse response, TokenResponse? tokens)
    {
        if (tokens is not null)
        {
            return TypedResults.Ok(tokens);
        }

        response.Headers.WWWAuthenticate = "Bearer";
        return Refuse(StatusCodes.Status401Unauthorized, "invalid_grant");
@@ auth=oidc|none
        return TypedResults.Ok(new UserResponse(user.Id, user.Name, principal.FindFirstValue("email"), user.Roles));
@@ always
    }
@@ auth=jwt|none

    private static Results<NoContent, ValidationProblem> Answer(string proof, PasswordFault? fault) => fault is null
        ? TypedResults.NoContent()
        : TypedResults.ValidationProblem(new Dictionary<string, string[]>
        {
            [fault.IsWeak ? nameof(PasswordResetRequest.NewPassword) : proof] = [fault.Text],
        });

    // The error codes of RFC 6749 section 5.2.
    private static ProblemHttpResult Refuse(int status, string error) => TypedResults.Problem(
        statusCode: status, extensions: new Dictionary<string, object?> { ["error"] = error });
@@ always
}
