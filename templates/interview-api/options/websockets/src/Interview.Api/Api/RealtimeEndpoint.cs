using InterviewApi.Core.Configuration;
using InterviewApi.Dependencies;
using InterviewApi.Core.Realtime;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace InterviewApi.Api;

/// <summary>The WebSocket handshake (RFC 6455 section 4). The request lasts as long as the connection.</summary>
public static class RealtimeEndpoint
{
    public const string Path = "/ws";

    // CONNECT is the handshake over HTTP/2 (RFC 8441).
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Connect];

    public static RouteHandlerBuilder MapRealtimeEndpoint(this IEndpointRouteBuilder app) =>
        app.MapMethods(Path, Methods, Connect).ExcludeFromDescription();

    internal static async Task<Results<EmptyHttpResult, ProblemHttpResult>> Connect(
        HttpContext context,
        ConnectionHub hub,
        MessageHandler handler,
        IOptions<RealtimeOptions> options,
        IOptions<AllowedOriginsOptions> cors,
        TimeProvider time,
        ILogger<SocketConnection> logger)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            context.Response.Headers.SecWebSocketVersion = "13";
            return TypedResults.Problem(statusCode: StatusCodes.Status426UpgradeRequired);
        }

        if (!IsAllowedOrigin(context.Request, cors.Value.AllowedOrigins))
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status403Forbidden);
        }

        if (!hub.TryEnter())
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        try
        {
            await ServeAsync(context, hub, handler, options.Value, time, logger);
            return TypedResults.Empty;
        }
        finally
        {
            hub.Leave();
        }
    }

    private static async Task ServeAsync(
        HttpContext context,
        ConnectionHub hub,
        MessageHandler handler,
        RealtimeOptions options,
        TimeProvider time,
        ILogger<SocketConnection> logger)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var connection = new SocketConnection(
            socket, options.QueueLength, time, logger, context.RequestAborted);
#if (UseAuth)
        connection.Sender = context.User.Identity!.Name!;
        connection.Token = ConnectionToken.Of(context.User);
#endif
        using var reader = new MessageReader(options.MaxMessageBytes, new MessageBudget(options.MessagesPerSecond, time));
        hub.Add(connection);
        try
        {
            await connection.RunAsync(reader, handler.Handle);
        }
        finally
        {
            hub.Remove(connection);
        }
    }

    // A browser sends the origin of the page and, unlike with other requests, lets any page connect: the server has to
    // refuse. Other clients send none.
    private static bool IsAllowedOrigin(HttpRequest request, string[] allowedOrigins) =>
        request.Headers.Origin is not [var origin, ..]
        || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
        || allowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
}
