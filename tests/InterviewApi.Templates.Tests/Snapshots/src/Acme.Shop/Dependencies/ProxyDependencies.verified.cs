using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.HttpOverrides;

namespace Acme.Shop.Dependencies;

/// <summary>The reverse proxies in front of the API. By default none is known, not even on loopback.</summary>
public sealed class ProxyOptions : IValidatableObject
{
    /// <value>The IP addresses of proxies whose <c>X-Forwarded-*</c> headers are trusted.</value>
    public string[] KnownProxies { get; set; } = [];

    /// <value>Networks of such proxies in CIDR notation. They must contain only proxies.</value>
    public string[] KnownNetworks { get; set; } = [];

    /// <value>The path under which clients reach the API, such as <c>/shop</c>, whether or not the proxy removes it.</value>
    // An X-Forwarded-Prefix from a known proxy takes precedence.
    public string PathBase { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var proxy in KnownProxies.Where(proxy => !IPAddress.TryParse(proxy, out _)))
        {
            yield return new($"'{proxy}' is not an IP address.", [nameof(KnownProxies)]);
        }

        foreach (var network in KnownNetworks.Where(network => !System.Net.IPNetwork.TryParse(network, out _)))
        {
            yield return new($"'{network}' is not a network such as 10.0.0.0/8.", [nameof(KnownNetworks)]);
        }

        if (PathBase.Length > 0 && !ProxyDependencies.IsPathBase(PathBase))
        {
            yield return new($"'{PathBase}' is not a path such as /shop.", [nameof(PathBase)]);
        }
        else if (new PathString(PathBase).StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            // A request for /api/v1/… would be ambiguous: it may or may not still have the prefix.
            yield return new(
                "A path base cannot begin with /api, as the routes do. Let the proxy send X-Forwarded-Prefix instead.",
                [nameof(PathBase)]);
        }
    }
}

/// <summary>Client address, scheme and path prefix as known reverse proxies forward them.</summary>
public static partial class ProxyDependencies
{
    public static void AddProxies(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ProxyOptions>().BindSection("ForwardedHeaders");
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((headers, proxies) =>
        {
            headers.KnownProxies.Clear();
            headers.KnownIPNetworks.Clear();
            Array.ForEach(proxies.Value.KnownProxies, proxy => headers.KnownProxies.Add(IPAddress.Parse(proxy)));
            Array.ForEach(proxies.Value.KnownNetworks, network => headers.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network)));

            // With empty lists, the middleware would trust everyone.
            headers.ForwardedHeaders = headers.KnownProxies.Count + headers.KnownIPNetworks.Count == 0
                ? ForwardedHeaders.None
                : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedPrefix;

            // The headers are read from right to left. The first address that is not a known proxy is the client.
            headers.ForwardLimit = null;
        });
    }

    /// <summary>Applies forwarded headers, before routing, which matches the path without its prefix.</summary>
    public static void UseProxies(this WebApplication app)
    {
        PathString configured = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.PathBase;
        app.UseForwardedHeaders();
        app.Use((context, next) =>
        {
            var request = context.Request;
            var forwarded = request.PathBase.Value?.TrimEnd('/') ?? "";
            var isForwarded = IsPathBase(forwarded);
            request.PathBase = isForwarded ? forwarded : configured;
            if (!isForwarded && configured.HasValue
                && request.Path.StartsWithSegments(configured, StringComparison.OrdinalIgnoreCase, out var rest))
            {
                request.Path = rest;
            }

            return next(context);
        });
    }

    /// <summary>Whether links may begin with this: a short path of plain segments, without <c>//</c>.</summary>
    internal static bool IsPathBase(string path) => path.Length <= 128 && PathPrefix().IsMatch(path);

    [GeneratedRegex(@"\A(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathPrefix();
}
