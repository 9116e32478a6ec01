using System.Security.Claims;
using Acme.Shop.Core.Security;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Acme.Shop.Middleware;

/// <summary>What is checked of an access token beyond its signature and lifetime, and how it is refused.</summary>
public sealed class BearerEvents : JwtBearerEvents
{
    /// <summary>Takes the token of a WebSocket handshake from its address: a browser cannot send a header there.</summary>
    public override Task MessageReceived(MessageReceivedContext context)
    {
        var isHandshake =
            context.Request.Path.StartsWithSegments(Api.RealtimeEndpoint.Path, StringComparison.OrdinalIgnoreCase);
        if (isHandshake && !context.Request.Headers.ContainsKey("Authorization"))
        {
            context.Token = context.Request.Query["access_token"];
        }

        return Task.CompletedTask;
    }

    /// <summary>Refuses a token that does not say whose it is. Whether its session lasts is asked later.</summary>
    public override Task TokenValidated(TokenValidatedContext context)
    {
        if (!Guid.TryParse(context.Principal?.FindFirstValue(TokenClaims.UserId), out _)
            || context.Principal.FindFirstValue(TokenClaims.SessionId) is null)
        {
            context.Fail("The token names no user or no session.");
        }

        return Task.CompletedTask;
    }

    /// <summary>Tells that the token is not good (RFC 6750 section 3.1), but not why.</summary>
    public override Task Challenge(JwtBearerChallengeContext context)
    {
        var hasToken = context.AuthenticateFailure is not null
            || context.HttpContext.User.Identity is { IsAuthenticated: true };
        context.Error = hasToken ? "invalid_token" : null;
        return Task.CompletedTask;
    }
}
