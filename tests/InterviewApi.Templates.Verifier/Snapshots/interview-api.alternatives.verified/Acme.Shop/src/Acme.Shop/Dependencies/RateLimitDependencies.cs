using System.Threading.RateLimiting;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.RateLimiting;
using Acme.Shop.Middleware;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using CorsOptions = Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions;

namespace Acme.Shop.Dependencies;

/// <summary>Limits for all requests; an endpoint with a limit of its own is counted by that one instead.</summary>
public static class RateLimitDependencies
{
    public static void AddRateLimiting(this IServiceCollection services)
    {
        services.AddCheckedOptions<RateLimitOptions>(RateLimitOptions.Section);
        services.AddRateLimitPolicy(RateLimitPolicy.Default, provider =>
            provider.GetRequiredService<IOptions<RateLimitOptions>>().Value.PermitLimit);
        services.AddAuthRateLimit();
        services.AddUploadRateLimit();
        services.AddRateLimitCounter();
        services.AddSingleton<PartitionedRateLimiter<HttpContext>, ApiRateLimiter>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<PartitionedRateLimiter<HttpContext>>((options, limiter) =>
        {
            options.GlobalLimiter = limiter;
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        });
        services.PostConfigure<CorsOptions>(cors =>
        {
            var exposed = cors.GetPolicy(cors.DefaultPolicyName)!.ExposedHeaders;
            exposed.Add("RateLimit");
            exposed.Add("RateLimit-Policy");
        });
    }

    /// <summary>Adds a policy, with the window that all of them have.</summary>
    public static void AddRateLimitPolicy(
        this IServiceCollection services, string name, Func<IServiceProvider, int> permitLimit, bool byAddress = false) =>
        services.AddSingleton(provider => new RateLimitPolicy(
            name,
            permitLimit(provider),
            TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<RateLimitOptions>>().Value.WindowSeconds),
            byAddress));
}
