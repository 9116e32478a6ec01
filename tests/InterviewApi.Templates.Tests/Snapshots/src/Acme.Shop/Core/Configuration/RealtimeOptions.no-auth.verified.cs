using System.ComponentModel.DataAnnotations;

namespace Acme.Shop.Core.Configuration;

/// <summary>What a WebSocket client may do before it is closed.</summary>
public sealed class RealtimeOptions
{
    public const string Section = "WebSockets";

    /// <value>The largest message of a client in bytes. The default is 16 KiB.</value>
    [Range(128, 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 16 * 1024;

    /// <value>How many connections this instance holds. The default is 10,000.</value>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <value>How many channels one connection subscribes to. The default is 32.</value>
    [Range(1, 10_000)]
    public int MaxSubscriptions { get; set; } = 32;

    /// <value>How many messages wait for a client that reads slower than others write. The default is 256.</value>
    [Range(1, 100_000)]
    public int QueueLength { get; set; } = 256;

    /// <value>How many messages a client sends per second in the long run, and twice as many at once. The default is 100.</value>
    [Range(1, 100_000)]
    public int MessagesPerSecond { get; set; } = 100;

    /// <value>Time between two pings, and the time to answer one. The default is 30.</value>
    [Range(1, 3600)]
    public int KeepAliveSeconds { get; set; } = 30;

    /// <value>How long a client without a subscription may say nothing. The default is 300.</value>
    [Range(1, 86_400)]
    public int IdleSeconds { get; set; } = 300;
}
