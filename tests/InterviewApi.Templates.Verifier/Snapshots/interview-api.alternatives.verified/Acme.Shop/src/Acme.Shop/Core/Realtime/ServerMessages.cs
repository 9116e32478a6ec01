using System.Text.Json;

namespace Acme.Shop.Core.Realtime;

/// <summary>What clients are told, as JSON in UTF-8. A message is written once, however many receive it.</summary>
public static class ServerMessages
{
    public static ReadOnlyMemory<byte> Pong { get; } = Serialize(new { Type = "pong" });

    public static ReadOnlyMemory<byte> Subscribed(string channel) => Serialize(new { Type = "subscribed", channel });

    public static ReadOnlyMemory<byte> Unsubscribed(string channel) => Serialize(new { Type = "unsubscribed", channel });

    public static ReadOnlyMemory<byte> Message(string channel, string from, string content) =>
        Serialize(new { Type = "message", channel, from, content });

    /// <summary>Something that happened in this application.</summary>
    public static ReadOnlyMemory<byte> Event<TData>(string channel, string name, TData data) =>
        Serialize(new { Type = "event", channel, Event = name, data });

    /// <summary>Something that the client did wrong; the connection stays.</summary>
    public static ReadOnlyMemory<byte> Error(string code, string message) =>
        Serialize(new { Type = "error", code, message });

    private static ReadOnlyMemory<byte> Serialize<T>(T message) =>
        JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web);
}
