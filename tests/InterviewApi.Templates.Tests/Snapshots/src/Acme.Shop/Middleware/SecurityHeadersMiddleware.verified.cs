namespace Acme.Shop.Middleware;

/// <summary>Adds security headers to every response, including errors.</summary>
public sealed class SecurityHeadersMiddleware(RequestDelegate next)
{
    // API responses are data that no page may run, frame or load.
    private const string ApiPolicy = "default-src 'none'; frame-ancestors 'none'";

    // The documentation pages run only their own scripts.
    private const string DocsPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        // Set when the response starts, because the exception handler clears the headers.
        context.Response.OnStarting(WriteHeaders, context);
        return next(context);
    }

    private static Task WriteHeaders(object state)
    {
        var (request, headers) = (((HttpContext)state).Request, ((HttpContext)state).Response.Headers);
        var isDocumentation = request.Path.StartsWithSegments("/docs", StringComparison.OrdinalIgnoreCase)
            || request.Path.StartsWithSegments("/redoc", StringComparison.OrdinalIgnoreCase);
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = isDocumentation ? DocsPolicy : ApiPolicy;
@@ auth=oidc
        if (isDocumentation)
        {
            // Swagger UI reads the endpoints of the issuer, and gets tokens from it.
            var issuer = ((HttpContext)state).RequestServices.GetRequiredService<Core.Security.IssuerKeys>();
            headers.ContentSecurityPolicy = DocsPolicy.Replace(
                "connect-src 'self'", $"connect-src 'self' {issuer.Origin}", StringComparison.Ordinal);
        }

@@ always
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return Task.CompletedTask;
    }
}
