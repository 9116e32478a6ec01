using System.Security.Claims;
using Acme.Shop.Core.OpenApi;
using Acme.Shop.Core.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Acme.Shop.Dependencies;

/// <summary>Authentication by access tokens in the <c>Authorization</c> header.</summary>
public static class BearerDependencies
{
    /// <summary>Registers what all access tokens have in common. The caller configures which ones are valid.</summary>
    public static OptionsBuilder<JwtBearerOptions> AddBearer(this IServiceCollection services, int maxTokenBytes)
    {
        services.AddHttpContextAccessor();
        services.AddScoped(provider =>
            new CurrentUser(provider.GetRequiredService<IHttpContextAccessor>().HttpContext?.User ?? new ClaimsPrincipal()));
        services.AddSingleton<SecurityLog>();

        // Like AddAuthentication().AddJwtBearer(), without data protection, which would write a key to disk at startup.
        services.AddAuthenticationCore(auth => auth.DefaultScheme = JwtBearerDefaults.AuthenticationScheme);
        services.AddWebEncoders();
        new AuthenticationBuilder(services)
            .AddScheme<JwtBearerOptions, JwtBearerHandler>(JwtBearerDefaults.AuthenticationScheme, configureOptions: null);
        services.AddAuthorizationBuilder().AddPolicy(CurrentUser.AdminRole, policy => policy.RequireRole(CurrentUser.AdminRole));
        services.ConfigureAll<OpenApiOptions>(document => document
            .AddDocumentTransformer<SecurityTransformer>()
            .AddOperationTransformer<SecurityTransformer>());
@@ websockets=true
        services.AddHostedService<Core.Realtime.ConnectionTokenMonitor>();
@@ always
        return services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<SecurityLog>((bearer, log) =>
        {
            bearer.Events = new BearerEvents(log);
            bearer.SaveToken = false;
            bearer.IncludeErrorDetails = false;
            bearer.TokenHandlers.Clear();
            bearer.TokenHandlers.Add(new JsonWebTokenHandler { MapInboundClaims = false, MaximumTokenSizeInBytes = maxTokenBytes });
        });
    }

    /// <summary>Checks when a token is valid by the clock of the application.</summary>
    /// <param name="skew">The tolerated difference between the clocks.</param>
    public static LifetimeValidator CheckLifetime(TimeProvider time, TimeSpan skew) => (notBefore, expires, _, _) =>
        !(notBefore > time.GetUtcNow().UtcDateTime + skew) && expires > time.GetUtcNow().UtcDateTime - skew;
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

        return base.MessageReceived(context);
    }

@@ always
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
