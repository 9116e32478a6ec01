using System.Security.Claims;
using Acme.Shop.Core.Security;
using Acme.Shop.Schemas;
using Acme.Shop.Services;

namespace Acme.Shop.Api;

/// <summary>The change of a password, and its reset by e-mail.</summary>
public static class PasswordEndpoints
{
    /// <returns>The endpoint that checks a password.</returns>
    public static RouteHandlerBuilder MapPasswords(this RouteGroupBuilder auth)
    {
        auth.MapPost("/password/forgot", RequestPasswordReset).AllowAnonymous().ProducesValidationProblem();
        auth.MapPost("/password/reset", ResetPassword).AllowAnonymous();
        return auth.MapPost("/password", ChangePassword).RequireAuthorization();
    }

    /// <summary>Changes the caller's password, and ends all other sessions of the caller.</summary>
    internal static async Task<Results<NoContent, ValidationProblem>> ChangePassword(
        PasswordChangeRequest request, ClaimsPrincipal principal, CurrentUser user, PasswordService passwords,
        CancellationToken cancellationToken) =>
        Answer(nameof(request.CurrentPassword), await passwords.ChangeAsync(
            Guid.Parse(user.Id), principal.GetSessionId(), request.CurrentPassword!, request.NewPassword!, cancellationToken));

    /// <summary>Sends a token to the address, if it belongs to an account. The response is always the same.</summary>
    internal static async Task<Accepted> RequestPasswordReset(
        ForgottenPasswordRequest request, PasswordService passwords, CancellationToken cancellationToken)
    {
        await passwords.RequestResetAsync(request.Email!, cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    /// <summary>Sets a new password with the token from the e-mail, and ends all sessions of the user.</summary>
    internal static async Task<Results<NoContent, ValidationProblem>> ResetPassword(
        PasswordResetRequest request, PasswordService passwords, CancellationToken cancellationToken) =>
        Answer(nameof(request.Token), await passwords.ResetAsync(request.Token!, request.NewPassword!, cancellationToken));

    private static Results<NoContent, ValidationProblem> Answer(string proof, PasswordFault? fault) => fault is null
        ? TypedResults.NoContent()
        : TypedResults.ValidationProblem(new Dictionary<string, string[]>
        {
            [fault.IsWeak ? nameof(PasswordResetRequest.NewPassword) : proof] = [fault.Text],
        });
}
