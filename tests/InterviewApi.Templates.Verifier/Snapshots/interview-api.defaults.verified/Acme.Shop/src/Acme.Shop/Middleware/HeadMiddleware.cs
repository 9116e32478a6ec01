namespace Acme.Shop.Middleware;

/// <summary>
/// Supports HEAD wherever GET is supported (RFC 9110 section 9.3.2): the request is routed and handled as GET, and the
/// response body is discarded.
/// </summary>
public sealed class HeadMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }

        context.Request.Method = HttpMethods.Get;
        context.Response.Body = Stream.Null;
        try
        {
            await next(context);
        }
        finally
        {
            // Logs and metrics show what the client sent.
            context.Request.Method = HttpMethods.Head;
        }
    }
}
