using System.Security.Claims;
using Acme.Shop.Core.Security;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Acme.Shop.Middleware;

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

/// <summary>Token transport, and the rejection of access tokens.</summary>
public sealed class BearerEvents(SecurityLog securityLog) : JwtBearerEvents
{
@@ websockets=true
    /// <summary>Reads the token of a WebSocket handshake from the query: browsers cannot send it in a header.</summary>
    public override Task MessageReceived(MessageReceivedContext context)
    {
        if (!context.Request.Headers.ContainsKey("Authorization")
            && context.Request.Path.StartsWithSegments(Core.Realtime.RealtimeOptions.Path, StringComparison.OrdinalIgnoreCase))
        {
            context.Token = context.Request.Query["access_token"];
        }

        return Task.CompletedTask;
    }

@@ always
    /// <summary>Reports that the token is invalid (RFC 6750 section 3.1), but not why.</summary>
    public override Task Challenge(JwtBearerChallengeContext context)
    {
        if (context.AuthenticateFailure is not null || context.HttpContext.User.Identity is { IsAuthenticated: true })
        {
            securityLog.Write(SecurityEvent.AccessTokenRefused);
            context.Error = "invalid_token";
        }

        return Task.CompletedTask;
    }
}
