using System.ComponentModel.DataAnnotations;

namespace Acme.Shop.Core.Configuration;

/// <summary>How many requests a user, or an address without a user, may make.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimiting";

    /// <value>The most requests within any period of the length of the window. The default is 100.</value>
    [Range(1, int.MaxValue)]
    public int PermitLimit { get; set; } = 100;

    /// <value>The length of the window of every policy in seconds. The default is 60.</value>
    [Range(1, 86400)]
    public int WindowSeconds { get; set; } = 60;
}
