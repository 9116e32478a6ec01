using System.Buffers;
using System.Diagnostics;

namespace Acme.Shop.Middleware;

/// <summary>Gives each request an id, which the response and each log line contain, and logs one line about it.</summary>
// The caller's id is kept if it has 1 to 128 letters, digits, dots, underscores or hyphens.
public sealed partial class RequestLoggingMiddleware(RequestDelegate next, ILogger<RequestLoggingMiddleware> logger)
{
    private const string HeaderName = "X-Request-ID";

    private static readonly SearchValues<char> Acceptable =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly Func<ILogger, string, IDisposable?> BeginScope =
        LoggerMessage.DefineScope<string>("X-Request-ID:{XRequestId}");

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        context.TraceIdentifier = request.Headers[HeaderName] is [{ } id] && IsAcceptable(id) ? id
            : ActivityTraceId.CreateRandom().ToHexString();

        // Set when the response starts, because the exception handler clears the headers.
        context.Response.OnStarting(WriteHeader, context);
        var isProbe = request.Path.StartsWithSegments(HealthDependencies.PathPrefix, StringComparison.OrdinalIgnoreCase);
        var level = isProbe ? LogLevel.Debug : LogLevel.Information;
        var started = Stopwatch.GetTimestamp();
        using var scope = BeginScope(logger, context.TraceIdentifier);
        try
        {
            await next(context);
        }
        finally
        {
            if (logger.IsEnabled(level))
            {
                // The escaped path: a line break in it must not forge a second line. The query may hold personal data.
                var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                LogRequest(level, request.Method, request.Path.ToUriComponent(), context.Response.StatusCode, milliseconds);
            }
        }
    }

    private static bool IsAcceptable(string id) => id.Length is > 0 and <= 128 && !id.AsSpan().ContainsAnyExcept(Acceptable);

    private static Task WriteHeader(object state)
    {
        var context = (HttpContext)state;
        context.Response.Headers[HeaderName] = context.TraceIdentifier;
        return Task.CompletedTask;
    }

    [LoggerMessage("{Method} {Path} answered {StatusCode} in {Milliseconds:0.0} ms")]
    private partial void LogRequest(LogLevel level, string method, string path, int statusCode, double milliseconds);
}
