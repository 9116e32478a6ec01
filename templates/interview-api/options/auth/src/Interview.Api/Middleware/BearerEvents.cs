using InterviewApi.Core.Security;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace InterviewApi.Middleware;

/// <summary>Token transport, and the rejection of access tokens.</summary>
public sealed class BearerEvents(SecurityLog securityLog) : JwtBearerEvents
{
#if (UseWebSockets)
    /// <summary>Reads the token of a WebSocket handshake from the query: browsers cannot send it in a header.</summary>
    public override Task MessageReceived(MessageReceivedContext context)
    {
        if (!context.Request.Headers.ContainsKey("Authorization")
            && context.Request.Path.StartsWithSegments(Core.Realtime.RealtimeOptions.Path, StringComparison.OrdinalIgnoreCase))
        {
            context.Token = context.Request.Query["access_token"];
        }

        return base.MessageReceived(context);
    }

#endif
    /// <summary>Reports that the token is invalid (RFC 6750 section 3.1), but not why.</summary>
    public override async Task Challenge(JwtBearerChallengeContext context)
    {
        await base.Challenge(context);
        if (!context.Handled && (context.AuthenticateFailure is not null || context.HttpContext.User.Identity is { IsAuthenticated: true }))
        {
            securityLog.Write(SecurityEvent.AccessTokenRefused);
            context.Error = "invalid_token";
        }
    }

    public override Task Forbidden(ForbiddenContext context)
    {
        securityLog.Write(SecurityEvent.AccessDenied, context.HttpContext.User);
        return base.Forbidden(context);
    }
}
