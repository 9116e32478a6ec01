using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using CorsOptions = Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions;

namespace Acme.Shop.Dependencies;

/// <summary>The default limit for the requests of a user, or of an address without a user.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimiting";

    /// <value>The maximum number of requests within any period of the window's length. The default is 100.</value>
    [Range(1, int.MaxValue)]
    public int PermitLimit { get; set; } = 100;

    /// <value>The length of the window of every limit in seconds. The default is 60.</value>
    [Range(1, 86400)]
    public int WindowSeconds { get; set; } = 60;
}

/// <summary>The default limit, and the limits of the endpoints that name one by <c>RequireRateLimiting</c>.</summary>
public static class RateLimitDependencies
{
    public static void AddRateLimiting(this IServiceCollection services)
    {
        services.AddRateLimitPolicy<RateLimitOptions>(
            RateLimitPolicy.Default, RateLimitOptions.Section, limits => limits.PermitLimit);
@@ sample=full
        services.AddUploadRateLimit();
@@ always
        services.AddSingleton<RateLimitCounter>();
@@ cache=redis
        services.AddSingleton<RateLimitCounter, RedisRateLimitCounter>();
@@ always
        services.AddSingleton<ApiRateLimiter>();
        services.AddRateLimiter(options => options.RejectionStatusCode = StatusCodes.Status429TooManyRequests);
        services.AddOptions<RateLimiterOptions>()
            .Configure<ApiRateLimiter>((options, limiter) => options.GlobalLimiter = limiter);
        services.PostConfigure<CorsOptions>(cors =>
        {
            var exposed = cors.GetPolicy(cors.DefaultPolicyName)!.ExposedHeaders;
            exposed.Add("RateLimit");
            exposed.Add("RateLimit-Policy");
        });
    }

    /// <summary>Adds a limit of which <typeparamref name="TOptions"/> holds the number, with the shared window.</summary>
    public static void AddRateLimitPolicy<TOptions>(
        this IServiceCollection services, string name, string section, Func<TOptions, int> permitLimit, bool byAddress = false)
        where TOptions : class
    {
        services.AddOptionsWithValidateOnStart<TOptions>().BindSection(section);
        services.AddSingleton(provider => new RateLimitPolicy(
            name,
            permitLimit(provider.GetRequiredService<IOptions<TOptions>>().Value),
            TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<RateLimitOptions>>().Value.WindowSeconds),
            byAddress));

        // The middleware requires a policy of this name. ApiRateLimiter, the global limiter, counts the requests.
        services.Configure<RateLimiterOptions>(options =>
            options.AddPolicy(name, _ => RateLimitPartition.GetNoLimiter(name)));
    }
}
