using System.Security.Claims;
using Acme.Shop.Core.Security;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;

namespace Acme.Shop.Middleware;

/// <summary>
/// Rejects an access token whose session was revoked. The check is not cached, so a revocation takes effect as soon as
/// it is stored. It runs after all cheaper checks, because it costs a query.
/// </summary>
public sealed class SessionMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context, SessionService sessions)
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

/// <summary>Token transport, checks beyond signature and lifetime, and the rejection of access tokens.</summary>
public sealed class BearerEvents(SecurityLog securityLog) : JwtBearerEvents
{
@@ websockets=true
    /// <summary>Reads the token of a WebSocket handshake from the query: browsers cannot send it in a header.</summary>
    public override Task MessageReceived(MessageReceivedContext context)
    {
        var isHandshake =
            context.Request.Path.StartsWithSegments(Core.Realtime.RealtimeOptions.Path, StringComparison.OrdinalIgnoreCase);
        if (isHandshake && !context.Request.Headers.ContainsKey("Authorization"))
        {
            context.Token = context.Request.Query["access_token"];
        }

        return Task.CompletedTask;
    }

@@ always
    /// <summary>Rejects tokens without user or session. <see cref="SessionMiddleware"/> looks up the session.</summary>
    public override Task TokenValidated(TokenValidatedContext context)
    {
        if (!Guid.TryParse(context.Principal?.FindFirstValue(TokenClaims.UserId), out _)
            || context.Principal.FindFirstValue(TokenClaims.SessionId) is null)
        {
            context.Fail("The token has no user or no session.");
        }

        return Task.CompletedTask;
    }

    /// <summary>Reports that the token is invalid (RFC 6750 section 3.1), but not why.</summary>
    public override Task Challenge(JwtBearerChallengeContext context)
    {
        var hasToken = context.AuthenticateFailure is not null
            || context.HttpContext.User.Identity is { IsAuthenticated: true };
        if (hasToken)
        {
            securityLog.AccessTokenRefused();
        }

        context.Error = hasToken ? "invalid_token" : null;
        return Task.CompletedTask;
    }
}
