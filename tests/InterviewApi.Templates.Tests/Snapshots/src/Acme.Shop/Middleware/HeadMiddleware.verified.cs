namespace Acme.Shop.Middleware;

/// <summary>
/// Answers HEAD wherever GET is answered (RFC 9110 section 9.3.2): the request is routed and handled as GET, and its
/// body is discarded.
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
