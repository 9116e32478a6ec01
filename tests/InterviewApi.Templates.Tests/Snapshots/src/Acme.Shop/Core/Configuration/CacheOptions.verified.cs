using System.ComponentModel.DataAnnotations;

namespace Acme.Shop.Core.Configuration;

/// <summary>How long what was read is kept.</summary>
public sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <value>The longest lifetime of an entry in seconds. The default is 60.</value>
    [Range(1, 86400)]
    public int TtlSeconds { get; set; } = 60;
}
