using System.Security.Claims;
using InterviewApi.Services;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.JsonWebTokens;

namespace InterviewApi.Middleware;

/// <summary>
/// Rejects an access token without user or session, or whose session was revoked. The check is not cached, so a
/// revocation takes effect as soon as it is stored. It runs after all cheaper checks, because it costs a query.
/// </summary>
public sealed class SessionMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Resolved for authenticated requests only: it holds a connection to the database.
        var user = context.User;
        if (user.Identity is { IsAuthenticated: true }
            && !await context.RequestServices.GetRequiredService<SessionService>().IsActiveAsync(
                user.FindFirstValue(JwtRegisteredClaimNames.Sid), user.FindFirstValue(JwtRegisteredClaimNames.Sub), context.RequestAborted))
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null)
            {
                await context.ChallengeAsync();
                return;
            }

            context.User = new ClaimsPrincipal(new ClaimsIdentity());
        }

        await next(context);
    }
}
