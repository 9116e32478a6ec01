using System.Net;
using System.Net.Sockets;

namespace Acme.Shop.Core.RateLimiting;

/// <summary>
/// Who makes a request, by what the caller cannot choose: the user of a token that was verified, otherwise the address
/// of the connection, or the one that a known proxy forwarded.
/// </summary>
public static class ClientPartition
{
    private const int SiteBytes = 8;

    public static string Of(HttpContext context, RateLimitPolicy policy)
    {
        var user = policy.ByAddress ? null : context.User.FindFirst("sub")?.Value;
        return user is null ? OfAddress(context.Connection.RemoteIpAddress) : $"user:{user}";
    }

    /// <summary>An IPv6 address counts by its first 64 bits, which are what one customer is given at least.</summary>
    private static string OfAddress(IPAddress? address)
    {
        if (address is null)
        {
            return "address:unknown";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? $"site:{Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, SiteBytes))}"
            : $"address:{address}";
    }
}
