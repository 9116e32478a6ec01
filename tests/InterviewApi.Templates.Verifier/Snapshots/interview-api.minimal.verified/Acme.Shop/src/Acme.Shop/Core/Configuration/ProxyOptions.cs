using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Acme.Shop.Core.Configuration;

/// <summary>The reverse proxies whose forwarded headers are believed. The default is none, not even the loopback address.</summary>
public sealed class ProxyOptions : IValidatableObject
{
    public const string Section = "ForwardedHeaders";

    /// <value>IP addresses of proxies.</value>
    public string[] KnownProxies { get; set; } = [];

    /// <value>Networks of proxies in CIDR notation.</value>
    public string[] KnownNetworks { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var proxy in KnownProxies.Where(proxy => !IPAddress.TryParse(proxy, out _)))
        {
            yield return new ValidationResult($"'{proxy}' is not an IP address.", [nameof(KnownProxies)]);
        }

        foreach (var network in KnownNetworks.Where(network => !IPNetwork.TryParse(network, out _)))
        {
            yield return new ValidationResult(
                $"'{network}' is not a network such as 10.0.0.0/8.", [nameof(KnownNetworks)]);
        }
    }
}
