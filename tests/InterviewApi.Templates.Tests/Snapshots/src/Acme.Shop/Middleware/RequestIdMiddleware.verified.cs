namespace Acme.Shop.Middleware;

/// <summary>
/// Assigns each request an id: the caller's <c>X-Request-ID</c> header if it has 1 to 128 letters, digits, dots,
/// underscores or hyphens, otherwise a new one. The response returns it, and each log line contains it.
/// </summary>
public sealed class RequestIdMiddleware(RequestDelegate next, ILogger<RequestIdMiddleware> logger)
{
    public const string HeaderName = "X-Request-ID";
    private const int MaxLength = 128;

    private static readonly Func<ILogger, string, IDisposable?> BeginScope =
        LoggerMessage.DefineScope<string>("X-Request-ID:{XRequestId}");

    public async Task InvokeAsync(HttpContext context)
    {
        var inbound = context.Request.Headers[HeaderName];
        context.TraceIdentifier = inbound is [{ } id] && IsAcceptable(id) ? id : Guid.CreateVersion7().ToString("N");

        // Set when the response starts, because the exception handler clears the headers.
        context.Response.OnStarting(WriteHeader, context);
        using (BeginScope(logger, context.TraceIdentifier))
        {
            await next(context);
        }
    }

    private static bool IsAcceptable(string id) =>
        id.Length is > 0 and <= MaxLength
        && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');

    private static Task WriteHeader(object state)
    {
        var context = (HttpContext)state;
        context.Response.Headers[HeaderName] = context.TraceIdentifier;
        return Task.CompletedTask;
    }
}
