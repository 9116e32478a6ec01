using System.ComponentModel.DataAnnotations;

namespace Acme.Shop.Core.Realtime;

/// <summary>What WebSocket clients may do before they are refused or closed.</summary>
public sealed class RealtimeOptions
{
    public const string Section = "WebSockets";
    public const string Path = "/ws";

    /// <value>The largest message of a client in bytes. The default is 16 KiB.</value>
    [Range(128, 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 16 * 1024;

    /// <value>The most connections of this instance. The default is 10,000.</value>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <value>The most connections of one client address to this instance. The default is 1,000.</value>
    [Range(1, 1_000_000)]
    public int MaxConnectionsPerAddress { get; set; } = 1000;

    /// <value>The most channels that one connection subscribes to. The default is 32.</value>
    [Range(1, 10_000)]
    public int MaxSubscriptions { get; set; } = 32;

    /// <value>The most messages that wait for a client that reads slower than others write. The default is 256.</value>
    [Range(1, 100_000)]
    public int QueueLength { get; set; } = 256;

    /// <value>Messages per second that a client may send over time, with bursts of twice as many. The default is 100.</value>
    [Range(1, 100_000)]
    public int MessagesPerSecond { get; set; } = 100;

    /// <value>Seconds between two pings, and the time to answer one. The default is 30.</value>
    [Range(1, 3600)]
    public int KeepAliveSeconds { get; set; } = 30;

    /// <value>Seconds for which a client without a subscription may send nothing. The default is 300.</value>
    [Range(1, 86_400)]
    public int IdleSeconds { get; set; } = 300;

    /// <value>The most connections of one user to this instance. The default is 100.</value>
    [Range(1, 1_000_000)]
    public int MaxConnectionsPerUser { get; set; } = 100;

    /// <value>Seconds between two checks for connections whose token has expired or whose session has ended. The default is 10.</value>
    [Range(1, 3600)]
    public int SessionCheckSeconds { get; set; } = 10;
}
