using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Acme.Shop.Dependencies;

/// <summary>The origins whose pages may call this API from a browser. The default is none.</summary>
public sealed class AllowedOriginsOptions : IValidatableObject
{
    /// <value>Origins as a browser sends them: scheme, host and port, without a path.</value>
    public string[] AllowedOrigins { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from origin in AllowedOrigins
        where !Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
            || !uri.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase)
        select new ValidationResult($"'{origin}' is not an origin such as https://app.example.com.", [nameof(AllowedOrigins)]);
}

/// <summary>Cross-origin resource sharing (CORS).</summary>
public static class CorsDependencies
{
    /// <summary>Registers one policy for all endpoints.</summary>
    public static void AddAllowedOrigins(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<AllowedOriginsOptions>().BindSection("Cors");
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<AllowedOriginsOptions>>((cors, options) => cors.AddDefaultPolicy(policy =>
        {
            // Only these headers, because with any header a preflight response would repeat whatever the request asks for.
            policy.WithOrigins(options.Value.AllowedOrigins)
                .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
                .WithHeaders("Accept", "Authorization", "Content-Type", "If-Match", "If-None-Match")
                .WithHeaders("X-Request-ID", "traceparent", "tracestate")
                .WithExposedHeaders("ETag", "Link", "Location", "X-Request-ID", "Deprecation", "Sunset", "Retry-After")
                .SetPreflightMaxAge(TimeSpan.FromMinutes(10));
@@ sample=full
            policy.WithHeaders("If-Modified-Since", "If-Range", "Range");
@@ always
        }));
    }

    /// <summary>Applies the policy, and lets no cache answer a page with what it stored for another client.</summary>
    public static void UseAllowedOrigins(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<AllowedOriginsOptions>>().Value.AllowedOrigins.Length > 0)
        {
            // The framework writes this header only if there are several origins, and the request comes from a page.
            app.Use((context, next) =>
            {
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers.Vary = "Origin";
                    return Task.CompletedTask;
                });
                return next(context);
            });
        }

        app.UseCors();
    }
}
