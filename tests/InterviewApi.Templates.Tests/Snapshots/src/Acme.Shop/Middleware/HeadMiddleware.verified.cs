namespace Acme.Shop.Middleware;

/// <summary>Handles HEAD as GET wherever GET is supported (RFC 9110 section 9.3.2), and discards the body.</summary>
public sealed class HeadMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        HttpMethods.IsHead(context.Request.Method) ? HandleAsync(context) : next(context);

    private async Task HandleAsync(HttpContext context)
    {
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
