using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Acme.Shop.Core.Realtime;

namespace Acme.Shop.Dependencies;

/// <summary>WebSocket connections. The handshake request (RFC 6455 section 4) lasts as long as they do.</summary>
public static class RealtimeDependencies
{
    private const string Subprotocol = "json";

    // CONNECT is the handshake over HTTP/2 (RFC 8441).
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Connect];

    public static void AddRealtime(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RealtimeOptions>().BindSection("WebSockets");

        // A peer that does not answer a ping in time is disconnected, even if TCP has detected nothing.
        services.AddOptions<WebSocketOptions>().Configure<IOptions<RealtimeOptions>>((sockets, options) =>
            sockets.KeepAliveInterval = sockets.KeepAliveTimeout = TimeSpan.FromSeconds(options.Value.KeepAliveSeconds));
        services.AddSingleton<ConnectionManager>();
@@ cache=redis
        services.AddSingleton<ConnectionManager, BackplaneConnectionManager>();
@@ always
        services.AddHostedService(provider => provider.GetRequiredService<ConnectionManager>());
        services.AddSingleton<MessageHandler>();
    }

    /// <summary>Serves <c>/ws</c>. At shutdown, closes all connections before the web server aborts them.</summary>
    public static void MapRealtime(this WebApplication app)
    {
        app.UseWebSockets();
        var options = app.Services.GetRequiredService<IOptions<RealtimeOptions>>().Value;
        var endpoint = app.MapMethods(RealtimeOptions.Path, Methods, Connect).ExcludeFromDescription();
        endpoint.DisableRequestTimeout();
@@ auth=jwt|oidc
        endpoint.RequireAuthorization();
        endpoint.LimitConnections(app, ClientKey.OfUser, options.MaxConnectionsPerUser, StatusCodes.Status429TooManyRequests);
@@ always
        endpoint.LimitConnections(app, ClientKey.OfAddress, options.MaxConnectionsPerAddress, StatusCodes.Status429TooManyRequests);
        endpoint.LimitConnections(app, _ => "instance", options.MaxConnections, StatusCodes.Status503ServiceUnavailable);
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<ConnectionManager>().ShutDown);
    }

    internal static async Task<Results<EmptyHttpResult, ProblemHttpResult>> Connect(
        HttpContext context, ConnectionManager connections, MessageHandler handler, IOptions<RealtimeOptions> options,
        IOptions<AllowedOriginsOptions> cors, TimeProvider time, ILogger<SocketConnection> logger)
    {
        // HEAD, which is handled as GET, opens no connection.
        if (!context.WebSockets.IsWebSocketRequest || context.Response.Body == Stream.Null)
        {
            // Without keep-alive the server would close the connection, which a proxy may be about to use for another client.
            (context.Response.Headers.Connection, context.Response.Headers.Upgrade) = ("Upgrade, keep-alive", "websocket");
            context.Response.Headers.SecWebSocketVersion = "13";
            return TypedResults.Problem(statusCode: StatusCodes.Status426UpgradeRequired);
        }

        if (!IsAllowedOrigin(context.Request, cors.Value.AllowedOrigins))
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status403Forbidden);
        }

        // A browser fails the connection if it offered subprotocols and the server selects none.
        var offered = context.WebSockets.WebSocketRequestedProtocols;
        if (offered.Count > 0 && !offered.Contains(Subprotocol))
        {
            return TypedResults.Problem(
                $"The only subprotocol is '{Subprotocol}'. Offer it, or none.", statusCode: StatusCodes.Status400BadRequest);
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(offered.Count > 0 ? Subprotocol : null);
        using var connection = new SocketConnection(socket, context.User, options.Value, time, logger, context.RequestAborted);
        connections.Add(connection);
        try
        {
            await connection.RunAsync(handler.Handle);
        }
        finally
        {
            connections.Remove(connection);
        }

        return TypedResults.Empty;
    }

    /// <summary>Refuses a handshake when the owner has reached its connection limit.</summary>
    private static void LimitConnections(
        this RouteHandlerBuilder endpoint, WebApplication app, Func<HttpContext, string?> ownerOf, int limit, int status)
    {
        var seats = PartitionedRateLimiter.Create<string, string>(owner => RateLimitPartition.GetConcurrencyLimiter(
            owner, _ => new ConcurrencyLimiterOptions { PermitLimit = limit }));
        app.Lifetime.ApplicationStopped.Register(seats.Dispose);
        var reported = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        endpoint.AddEndpointFilter(async (context, next) =>
        {
            var owner = ownerOf(context.HttpContext) ?? "";
            using var seat = seats.AttemptAcquire(owner);
            if (!seat.IsAcquired)
            {
                if (reported.TryAdd(owner, true))
                {
                    context.HttpContext.RequestServices.GetRequiredService<ILogger<ConnectionManager>>().LogWarning(
                        new EventId(1102, "ConnectionLimitReached"),
                        "{Owner} has reached its limit of {Limit} WebSocket connections.", owner, limit);
                }

                return TypedResults.Problem(statusCode: status);
            }

            try
            {
                return await next(context);
            }
            finally
            {
                // Reported again only after half are free: otherwise clients that come and go would repeat the warning.
                seat.Dispose();
                if (seats.GetStatistics(owner)!.CurrentAvailablePermits > limit / 2.0)
                {
                    reported.TryRemove(owner, out _);
                }
            }
        });
    }

    // A browser sends the origin of the page but, unlike for other requests, lets any page connect, so the server must
    // refuse. Other clients send no origin.
    private static bool IsAllowedOrigin(HttpRequest request, string[] allowedOrigins) =>
        request.Headers.Origin is not [var origin, ..]
        || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
        || allowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
}
