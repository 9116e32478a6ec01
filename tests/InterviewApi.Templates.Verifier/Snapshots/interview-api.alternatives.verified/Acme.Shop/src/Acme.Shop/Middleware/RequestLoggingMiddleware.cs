using System.Diagnostics;
using Acme.Shop.Dependencies;

namespace Acme.Shop.Middleware;

/// <summary>Logs one line for each request; health probes, which repeat every few seconds, at Debug level.</summary>
public sealed partial class RequestLoggingMiddleware(RequestDelegate next, ILogger<RequestLoggingMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var isProbe = context.Request.Path.StartsWithSegments(HealthDependencies.PathPrefix, StringComparison.OrdinalIgnoreCase);
        var level = isProbe ? LogLevel.Debug : LogLevel.Information;
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            if (logger.IsEnabled(level))
            {
                // The escaped path: a line break in it must not forge a second line. The query may hold personal data.
                var path = context.Request.Path.ToUriComponent();
                var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                LogRequest(level, context.Request.Method, path, context.Response.StatusCode, elapsed);
            }
        }
    }

    [LoggerMessage("{Method} {Path} answered {StatusCode} in {Milliseconds:0.0} ms")]
    private partial void LogRequest(LogLevel level, string method, string path, int statusCode, double milliseconds);
}
