using InterviewApi.Core.Configuration;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using CorsOptions = InterviewApi.Core.Configuration.CorsOptions;

namespace InterviewApi.Dependencies;

/// <summary>What guards the border: proxies, host names, origins, HTTPS.</summary>
public static class EdgeDependencies
{
    // What a script in a browser may read of a response; all else is hidden from it by the CORS protocol.
    private static readonly string[] ExposedHeaders =
        ["ETag", "Link", "Location", "X-Request-ID", "Deprecation", "Sunset", "Retry-After"];

    // A list rather than any header: a preflight response would repeat whatever the request asks for.
    private static readonly string[] AllowedHeaders =
    [
        "Accept", "Authorization", "Content-Type", "If-Match", "If-None-Match", "If-Modified-Since", "If-Range", "Range",
        "X-Request-ID", "traceparent", "tracestate",
    ];

    public static IServiceCollection AddEdge(this IServiceCollection services)
    {
        // The framework would filter hosts, and on request believe forwarded headers from anyone, before the first
        // middleware of Program.cs: a refusal would then have no request id, no security headers and no problem details.
        services.RemoveAll<IStartupFilter>();
        services.Configure<HostFilteringOptions>(filter => filter.IncludeFailureMessage = false);

        services.AddProxies();
        services.AddCheckedOptions<CorsOptions>(CorsOptions.Section);
        services.AddCors();
        services.AddOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>()
            .Configure<IOptions<CorsOptions>>((cors, options) =>
                cors.AddDefaultPolicy(policy => AllowOrigins(policy, options.Value.AllowedOrigins)));

        services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
        return services;
    }

    /// <summary>Tells browsers to stay on HTTPS (RFC 6797). The redirect itself is the reverse proxy's.</summary>
    public static void UseHttpsPolicy(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }
    }

    private static void AllowOrigins(CorsPolicyBuilder policy, string[] origins) => policy
        .WithOrigins(origins)
        .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
        .WithHeaders(AllowedHeaders)
        .WithExposedHeaders(ExposedHeaders)
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10));
}
