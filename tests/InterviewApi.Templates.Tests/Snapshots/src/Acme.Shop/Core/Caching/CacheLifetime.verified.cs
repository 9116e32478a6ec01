using Acme.Shop.Core.Configuration;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Core.Caching;

/// <summary>How long the next entry lives: the configured time less up to a tenth, so that not all end together.</summary>
public sealed class CacheLifetime(IOptions<CacheOptions> options)
{
    private const double Jitter = 0.1;

#pragma warning disable CA5394 // Nobody gains anything from knowing when an entry ends.
    public TimeSpan Next() => TimeSpan.FromSeconds(options.Value.TtlSeconds * (1 - (Jitter * Random.Shared.NextDouble())));
#pragma warning restore CA5394
}
