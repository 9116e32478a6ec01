using System.Net.WebSockets;

namespace Acme.Shop.Core.Realtime;

/// <summary>Why this side closes a connection (RFC 6455 section 7.4).</summary>
public sealed record CloseReason(WebSocketCloseStatus Status, string Description)
{
    public static CloseReason Done { get; } = new(WebSocketCloseStatus.NormalClosure, "");

    public static CloseReason Idle { get; } = new(WebSocketCloseStatus.NormalClosure, "idle");

    public static CloseReason Shutdown { get; } = new(WebSocketCloseStatus.EndpointUnavailable, "shutdown");

    public static CloseReason Binary { get; } = new(WebSocketCloseStatus.InvalidMessageType, "text only");

    public static CloseReason TooBig { get; } = new(WebSocketCloseStatus.MessageTooBig, "message too big");

    public static CloseReason TooManyFragments { get; } = new(WebSocketCloseStatus.PolicyViolation, "too many fragments");

    public static CloseReason TooManyMessages { get; } = new(WebSocketCloseStatus.PolicyViolation, "too many messages");

    public static CloseReason SlowConsumer { get; } = new(WebSocketCloseStatus.PolicyViolation, "slow consumer");
}
