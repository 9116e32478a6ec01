using System.Globalization;

namespace Acme.Shop.Core.Caching;

/// <summary>The name of a cached <typeparamref name="T"/>, unique among all types.</summary>
/// <param name="version">To be raised when the form of the value changes: old and new instances may run side by side.</param>
public readonly struct CacheKey<T>(string resource, int version, long id)
{
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"{resource}:v{version}:{id}");
}
