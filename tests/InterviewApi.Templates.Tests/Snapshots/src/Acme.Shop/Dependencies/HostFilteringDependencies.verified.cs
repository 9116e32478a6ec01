using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Primitives;

namespace Acme.Shop.Dependencies;

/// <summary>The host names under which the API answers.</summary>
public sealed class AllowedHostsOptions
{
    public const string Setting = "AllowedHosts";

    /// <value>Host names without ports. <c>*.example.com</c> stands for all subdomains, <c>*</c> for any host.</value>
    public string[] Hosts { get; set; } = [];
}

/// <summary>Host filtering within the pipeline, for all requests but probes, which use IP addresses.</summary>
// The framework's own filter runs first: its response has no request id, security headers or problem details.
public static class HostFilteringDependencies
{
    public static void AddAllowedHosts(this IServiceCollection services)
    {
        services.Configure<HostFilteringOptions>(framework => framework.AllowedHosts = ["*"]);
        services.AddOptionsWithValidateOnStart<AllowedHostsOptions>()
            .Configure<IConfiguration>((options, configuration) => options.Hosts = (configuration[AllowedHostsOptions.Setting] ?? "")
                .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Validate(
                options => options.Hosts.Length > 0 && options.Hosts.All(IsHost),
                $"{AllowedHostsOptions.Setting}: The host names of this API are required, without a scheme or a port.");
    }

    /// <summary>Answers 400 to requests for other hosts, except those of health probes.</summary>
    public static void UseAllowedHosts(this WebApplication app)
    {
        // As clients send them, with international names encoded.
        StringSegment[] hosts = [.. app.Services.GetRequiredService<IOptions<AllowedHostsOptions>>().Value.Hosts
            .Select(host => new HostString(host).ToUriComponent())];
        app.Use((context, next) =>
        {
            var (host, path) = (context.Request.Host, context.Request.Path);
            if (!host.HasValue || hosts.Contains("*") || HostString.MatchesAny(host.Value, hosts)
                || path.StartsWithSegments(HealthDependencies.PathPrefix, StringComparison.OrdinalIgnoreCase))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        });
    }

    private static bool IsHost(string host) =>
        host == "*" || Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) != UriHostNameType.Unknown;
}
