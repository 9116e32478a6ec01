using System.Security.Claims;
using Acme.Shop.Core.Security;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Acme.Shop.Middleware;

/// <summary>Rejects a token whose session was revoked, or whose user is disabled or has lost the role.</summary>
// Not cached, so that all of these take effect at once. It costs a query, so it runs after all cheaper checks.
public sealed class SessionMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Resolved for authenticated requests only: it holds a connection to the database.
        var user = context.User;
        if (user.Identity is { IsAuthenticated: true }
            && !await context.RequestServices.GetRequiredService<SessionService>().IsActiveAsync(
                user.FindFirstValue(JwtRegisteredClaimNames.Sid), user.FindFirstValue(JwtRegisteredClaimNames.Sub),
                user.FindFirstValue(AccessTokens.RoleClaim), context.RequestAborted))
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
