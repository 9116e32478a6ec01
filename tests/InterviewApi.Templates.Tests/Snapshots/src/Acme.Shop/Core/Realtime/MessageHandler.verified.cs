using System.Text.RegularExpressions;

namespace Acme.Shop.Core.Realtime;

/// <summary>A message from a client: an action and its arguments.</summary>
public sealed record ClientMessage(string? Action, string? Channel, string? To, string? Content, bool Presence);

/// <summary>Messages to clients, as JSON in UTF-8. Each is serialized once, however many clients receive it.</summary>
public static class ServerMessages
{
    public static ReadOnlyMemory<byte> Pong { get; } = Serialize(new { Type = "pong" });

    public static ReadOnlyMemory<byte> UnknownRecipient { get; } =
        Error("unknown_recipient", "The recipient is not connected. The name is the one that messages have as their sender.");

    public static ReadOnlyMemory<byte> Subscribed(string channel) => Serialize(new { Type = "subscribed", channel });

    /// <summary>The confirmation for a watcher, with the members of the channel.</summary>
    public static ReadOnlyMemory<byte> Subscribed(string channel, IReadOnlyCollection<string> members) =>
        Serialize(new { Type = "subscribed", channel, members });

    public static ReadOnlyMemory<byte> Unsubscribed(string channel) => Serialize(new { Type = "unsubscribed", channel });

    public static ReadOnlyMemory<byte> Message(string channel, string from, string content) =>
        Serialize(new { Type = "message", channel, from, content });

    public static ReadOnlyMemory<byte> DirectMessage(string to, string from, string content) =>
        Serialize(new { Type = "message", to, from, content });

    public static ReadOnlyMemory<byte> Presence(string channel, string name, string from) =>
        Serialize(new { Type = "presence", channel, Event = name, from });

    public static ReadOnlyMemory<byte> Event<TData>(string channel, string name, TData data) =>
        Serialize(new { Type = "event", channel, Event = name, data });

    public static ReadOnlyMemory<byte> Error(string code, string message) => Serialize(new { Type = "error", code, message });

    private static ReadOnlyMemory<byte> Serialize<T>(T message) =>
        JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web);
}

/// <summary>Handles client messages. The response to an invalid one is an error; the connection stays open.</summary>
public sealed partial class MessageHandler(ConnectionManager connections)
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerOptions.Web) { AllowDuplicateProperties = false, MaxDepth = 8 };

    public void Handle(SocketConnection connection, ReadOnlySpan<byte> message)
    {
        var request = Parse(message);
        var channel = request?.Channel ?? "";
        switch (request)
        {
            case null:
                Refuse("invalid_message", "Send a JSON object with the members of an action, each of its type.");
                break;
            case { Action: "ping" }:
                connection.Send(ServerMessages.Pong);
                break;
            case { Action: not ("subscribe" or "unsubscribe" or "message") }:
                Refuse("unknown_action", "The action must be subscribe, unsubscribe, message or ping.");
                break;
            case { Action: "message", To: not null, Channel: not null }:
                Refuse("invalid_message", "A message goes to a channel or to a recipient, not to both.");
                break;
            case { Action: "message", To: { } recipient, Content: { } content }:
                connections.SendTo(recipient, ServerMessages.DirectMessage(recipient, connection.Sender, content), connection);
                break;
            case { Action: "message", To: not null }:
                Refuse("no_content", "A message needs content.");
                break;
            case var _ when !ChannelName().IsMatch(channel):
                Refuse("invalid_channel", "A channel name has 1 to 64 letters, digits, dots, colons, underscores or hyphens.");
                break;
            case { Action: "subscribe" } when !connections.TrySubscribe(connection, channel, request.Presence):
                Refuse("too_many_subscriptions", "The connection has reached its channel limit. Unsubscribe from one first.");
                break;
            case { Action: "unsubscribe" }:
                connections.Unsubscribe(connection, channel);
                connection.Send(ServerMessages.Unsubscribed(channel));
                break;
            case { Action: "message", Content: null }:
                Refuse("no_content", "A message needs content.");
                break;
            case { Action: "message", Content: { } content }:
                connections.Broadcast(channel, ServerMessages.Message(channel, connection.Sender, content));
                break;
        }

        void Refuse(string code, string reason) => connection.Send(ServerMessages.Error(code, reason));
    }

    private static ClientMessage? Parse(ReadOnlySpan<byte> message)
    {
        try
        {
            return JsonSerializer.Deserialize<ClientMessage>(message, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ChannelName();
}
