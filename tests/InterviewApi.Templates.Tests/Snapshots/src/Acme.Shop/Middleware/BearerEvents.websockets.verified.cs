using System.Security.Claims;
using Acme.Shop.Core.Security;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Acme.Shop.Middleware;

/// <summary>What is checked of an access token beyond its signature and lifetime, and how it is refused.</summary>
public sealed class BearerEvents : JwtBearerEvents
{
    /// <summary>Takes the token of a WebSocket handshake from its address: a browser cannot send a header there.</summary>
    public override Task MessageReceived(MessageReceivedContext context)
    {
        if (context.Request.Path == Api.RealtimeEndpoint.Path && !context.Request.Headers.ContainsKey("Authorization"))
        {
            context.Token = context.Request.Query["access_token"];
        }

        return Task.CompletedTask;
    }

    /// <summary>Refuses a token whose session has ended. No cache: a revocation holds from the moment it is stored.</summary>
    public override async Task TokenValidated(TokenValidatedContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<ISessionService>();
        if (!Guid.TryParse(context.Principal?.FindFirstValue(TokenClaims.UserId), out var userId)
            || context.Principal.FindFirstValue(TokenClaims.SessionId) is not { } sessionId
            || !await sessions.IsActiveAsync(sessionId, userId, context.HttpContext.RequestAborted))
        {
            context.Fail("The session has ended.");
        }
    }

    /// <summary>Tells that the token is not good (RFC 6750 section 3.1), but not why.</summary>
    public override Task Challenge(JwtBearerChallengeContext context)
    {
        context.Error = context.AuthenticateFailure is null ? null : "invalid_token";
        return Task.CompletedTask;
    }
}
