using System.Security.Claims;
using Acme.Shop.Core.Security;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Acme.Shop.Middleware;

/// <summary>
/// Rejects an access token without user or session, whose session was revoked, whose user is disabled or has lost the
/// role. The check is not cached, so all of these take effect as soon as they are stored. It runs after all cheaper
/// checks, because it costs a query.
/// </summary>
public sealed class SessionMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Resolved for authenticated requests only: it holds a connection to the database.
        var user = context.User;
        if (user.Identity is { IsAuthenticated: true }
            && !await context.RequestServices.GetRequiredService<SessionService>().IsActiveAsync(
                user.FindFirstValue(JwtRegisteredClaimNames.Sid),
                user.FindFirstValue(JwtRegisteredClaimNames.Sub),
                user.FindFirstValue(AccessTokens.RoleClaim),
                context.RequestAborted))
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
