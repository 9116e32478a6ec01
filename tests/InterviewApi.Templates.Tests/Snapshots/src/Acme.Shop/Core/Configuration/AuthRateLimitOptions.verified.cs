using System.ComponentModel.DataAnnotations;

namespace Acme.Shop.Core.Configuration;

/// <summary>How many logins, registrations and refreshes together an address may make within the window.</summary>
public sealed class AuthRateLimitOptions
{
    public const string Section = $"{RateLimitOptions.Section}:Auth";
    public const string Policy = "auth";

    /// <value>The default is 5.</value>
    [Range(1, int.MaxValue)]
    public int PermitLimit { get; set; } = 5;
}
