using System.Threading.RateLimiting;
using Acme.Shop.Core.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using CorsOptions = Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions;

namespace Acme.Shop.Dependencies;

/// <summary>The limits by their names, and the window that they share.</summary>
public sealed class RateLimitOptions
{
    /// <value>The length of the window of every limit in seconds. The default is 60.</value>
    [Range(1, 86400)]
    public int WindowSeconds { get; set; } = 60;

    public Dictionary<string, RateLimitPolicy> Policies { get; } = [];
}

/// <summary>The default limit, and the limits of the endpoints that name one by <c>RequireRateLimiting</c>.</summary>
public static class RateLimitDependencies
{
    public static void AddRateLimiting(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RateLimitOptions>().BindSection("RateLimiting");
        services.AddRateLimit("default", "RateLimiting:PermitLimit", 100);
@@ sample=full
        services.AddRateLimit("upload", "RateLimiting:Upload:PermitLimit", 10);
        services.AddRateLimit("search", "RateLimiting:Search:PermitLimit", 30);
@@ always
        services.AddSingleton<RateLimitCounter>();
@@ cache=redis
        services.AddSingleton<RateLimitCounter, RedisRateLimitCounter>();
@@ always
        services.AddSingleton<ApiRateLimiter>();
        services.AddRateLimiter(options => options.RejectionStatusCode = StatusCodes.Status429TooManyRequests);
        services.AddOptions<RateLimiterOptions>().Configure<ApiRateLimiter>((options, limiter) => options.GlobalLimiter = limiter);
        services.PostConfigure<CorsOptions>(cors => Array.ForEach(
            ["RateLimit", "RateLimit-Policy"], cors.GetPolicy(cors.DefaultPolicyName)!.ExposedHeaders.Add));
    }

    /// <summary>Adds a limit of requests within the window. The setting overrides the default number.</summary>
    public static void AddRateLimit(
        this IServiceCollection services, string name, string setting, int permitLimit, bool byAddress = false)
    {
        services.AddOptions<RateLimitOptions>()
            .PostConfigure<IConfiguration>((options, configuration) =>
            {
                var number = configuration[setting] ?? permitLimit.ToString(CultureInfo.InvariantCulture);
                _ = int.TryParse(number, CultureInfo.InvariantCulture, out var limit);
                options.Policies[name] = new(name, limit, TimeSpan.FromSeconds(options.WindowSeconds), byAddress);
            })
            .Validate(
                options => options.Policies[name].PermitLimit > 0,
                $"{setting.Replace(":", "__", StringComparison.Ordinal)}: The limit must be a whole number from 1 to {int.MaxValue}.");

        // The middleware requires a policy of this name. ApiRateLimiter, the global limiter, counts the requests.
        services.Configure<RateLimiterOptions>(options => options.AddPolicy(name, _ => RateLimitPartition.GetNoLimiter(name)));
    }
}
