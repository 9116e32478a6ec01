using System.Security.Claims;
using Acme.Shop.Core.Security;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Acme.Shop.Middleware;

/// <summary>
/// Refuses an access token whose session has ended. No cache: a revocation holds from the moment it is stored. It comes
/// after whatever limits requests, because each of its answers costs a query.
/// </summary>
public sealed class SessionMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context, ISessionService sessions)
    {
        var user = context.User;
        if (user.Identity is { IsAuthenticated: true }
            && !await sessions.IsActiveAsync(user.GetSessionId(), user.GetUserId(), context.RequestAborted))
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
