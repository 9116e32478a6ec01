using System.Globalization;

namespace Acme.Shop.Core.RateLimiting;

/// <summary>At most <paramref name="PermitLimit"/> requests of one client within any period of <paramref name="Window"/>.</summary>
/// <param name="Name">As clients see it in the RateLimit fields.</param>
/// <param name="ByAddress">Counts by address even where the user is known.</param>
public sealed record RateLimitPolicy(string Name, int PermitLimit, TimeSpan Window, bool ByAddress = false)
{
    /// <value>The policy of endpoints that name no other.</value>
    public const string Default = "default";

    /// <value>The <c>RateLimit-Policy</c> field: an item with the quota and the window in seconds.</value>
    public string Field { get; } = string.Create(
        CultureInfo.InvariantCulture, $"\"{Name}\";q={PermitLimit};w={(long)Window.TotalSeconds}");
}
