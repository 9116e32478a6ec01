using System.ComponentModel.DataAnnotations;

namespace Acme.Shop.Core.Configuration;

/// <summary>How long instances trust that all of them can remove from the shared cache.</summary>
public sealed class CacheLeaseOptions
{
    public const string Section = CacheOptions.Section;

    /// <value>
    /// The length of a lease in seconds. The default is 2. A change may wait so long for an instance that is gone, and an
    /// instance that stands still for longer closes the cache.
    /// </value>
    [Range(1, 60)]
    public int LeaseSeconds { get; set; } = 2;
}
