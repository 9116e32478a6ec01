namespace Acme.Shop.Core.Realtime;

/// <summary>The limits for WebSocket clients.</summary>
public sealed class RealtimeOptions
{
    public const string Path = "/ws";

    /// <value>The maximum size of a client message in bytes. The default is 16 KiB.</value>
    [Range(128, 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 16 * 1024;

    /// <value>The maximum number of connections to this instance. The default is 10,000.</value>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <value>The maximum number of connections from one client address to this instance. The default is 1,000.</value>
    [Range(1, 1_000_000)]
    public int MaxConnectionsPerAddress { get; set; } = 1000;

    /// <value>The maximum number of subscriptions of one connection. The default is 32.</value>
    [Range(1, 10_000)]
    public int MaxSubscriptions { get; set; } = 32;

    /// <value>The maximum number of messages queued for a slow client. The default is 256.</value>
    [Range(1, 100_000)]
    public int QueueLength { get; set; } = 256;

    /// <value>The messages per second that a client may send, with bursts of twice as many. The default is 100.</value>
    [Range(1, 100_000)]
    public int MessagesPerSecond { get; set; } = 100;

    /// <value>The ping interval, and the time to answer a ping, in seconds. The default is 30.</value>
    [Range(1, 3600)]
    public int KeepAliveSeconds { get; set; } = 30;

    /// <value>The idle timeout of a client without a subscription, in seconds. The default is 300.</value>
    [Range(1, 86_400)]
    public int IdleSeconds { get; set; } = 300;
@@ auth=jwt|oidc

    /// <value>The maximum number of connections of one user to this instance. The default is 100.</value>
    [Range(1, 1_000_000)]
    public int MaxConnectionsPerUser { get; set; } = 100;

    /// <value>Seconds between checks of whether the tokens of connections are still valid. The default is 10.</value>
    [Range(1, 3600)]
    public int SessionCheckSeconds { get; set; } = 10;
@@ always
}
