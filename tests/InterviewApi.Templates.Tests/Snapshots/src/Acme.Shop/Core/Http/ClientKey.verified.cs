using System.Net.Sockets;

namespace Acme.Shop.Core.Http;

/// <summary>The partition key of a client, from values that the client cannot choose.</summary>
public static class ClientKey
{
@@ auth=jwt|oidc
    /// <returns>The user of a verified access token, or null.</returns>
    public static string? OfUser(HttpContext context) =>
        new Security.CurrentUser(context.User) is { IsAnonymous: false, Id: var id } ? $"user:{id}" : null;

@@ always
    /// <returns>The address of the connection, or the one that a known proxy forwarded.</returns>
    // IPv6 addresses are reduced to their first 64 bits, the smallest network that a customer is assigned.
    public static string OfAddress(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        { IsIPv4MappedToIPv6: true } mapped => $"address:{mapped.MapToIPv4()}",
        { AddressFamily: AddressFamily.InterNetworkV6 } address =>
            $"site:{Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))}",
        var address => $"address:{address}",
    };

    /// <returns>For an IPv6 /64, the key of its /48, which one site may own; otherwise the same key.</returns>
    public static string Coarsen(string key) =>
        key.StartsWith("site:", StringComparison.Ordinal) ? key[.."site:0123456789ab".Length] : key;
}
