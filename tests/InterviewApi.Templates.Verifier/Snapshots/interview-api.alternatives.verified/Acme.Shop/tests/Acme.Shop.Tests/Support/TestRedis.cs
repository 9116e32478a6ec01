using Microsoft.AspNetCore.Hosting;

namespace Acme.Shop.Tests.Support;

/// <summary>
/// The Redis of the tests: that of the environment variable <c>ConnectionStrings__Redis</c>, otherwise the local one.
/// </summary>
internal static class TestRedis
{
    private static readonly string Server =
        Environment.GetEnvironmentVariable("ConnectionStrings__Redis") ?? "localhost:6379";

    /// <summary>Nothing listens there.</summary>
    public const string Nowhere = "127.0.0.1:1";

    /// <summary>A connection string with a prefix of its own, so that tests share a server and no keys.</summary>
    public static string NewConnectionString() => $"{Server},channelPrefix=test:{Guid.NewGuid():N}:";

    /// <summary>Gives an application keys of its own.</summary>
    public static void UseTestRedis(this IWebHostBuilder host) =>
        host.UseSetting("ConnectionStrings:Redis", NewConnectionString());
}
