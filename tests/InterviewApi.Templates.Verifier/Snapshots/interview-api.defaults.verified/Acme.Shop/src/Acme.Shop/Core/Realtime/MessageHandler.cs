using System.Text.Json;
using System.Text.RegularExpressions;

namespace Acme.Shop.Core.Realtime;

/// <summary>A message from a client: an action and its arguments.</summary>
public sealed record ClientMessage(string? Action, string? Channel, string? Content);

/// <summary>Messages to clients, as JSON in UTF-8. Each is serialized once, however many clients receive it.</summary>
public static class ServerMessages
{
    public static ReadOnlyMemory<byte> Pong { get; } = Serialize(new { Type = "pong" });

    public static ReadOnlyMemory<byte> Subscribed(string channel) => Serialize(new { Type = "subscribed", channel });

    public static ReadOnlyMemory<byte> Unsubscribed(string channel) => Serialize(new { Type = "unsubscribed", channel });

    public static ReadOnlyMemory<byte> Message(string channel, string from, string content) =>
        Serialize(new { Type = "message", channel, from, content });

    /// <summary>An event of this application.</summary>
    public static ReadOnlyMemory<byte> Event<TData>(string channel, string name, TData data) =>
        Serialize(new { Type = "event", channel, Event = name, data });

    /// <summary>The error in a message from the client.</summary>
    public static ReadOnlyMemory<byte> Error(string code, string message) =>
        Serialize(new { Type = "error", code, message });

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
        if (Parse(message) is not { } request)
        {
            connection.Send(ServerMessages.Error("invalid_message", "Send a JSON object whose members are strings."));
        }
        else if (request.Action == "ping")
        {
            connection.Send(ServerMessages.Pong);
        }
        else if (request.Action is not ("subscribe" or "unsubscribe" or "message"))
        {
            connection.Send(ServerMessages.Error("unknown_action", "The action must be subscribe, unsubscribe, message or ping."));
        }
        else if (request.Channel is not { } channel || !ChannelName().IsMatch(channel))
        {
            connection.Send(ServerMessages.Error(
                "invalid_channel", "A channel name has 1 to 64 letters, digits, dots, colons, underscores or hyphens."));
        }
        else
        {
            Handle(connection, request.Action, channel, request.Content);
        }
    }

    private void Handle(SocketConnection connection, string action, string channel, string? content)
    {
        switch (action)
        {
            case "subscribe" when connections.TrySubscribe(connection, channel):
                break;
            case "subscribe":
                connection.Send(ServerMessages.Error(
                    "too_many_subscriptions", "The connection has reached its channel limit. Unsubscribe from one first."));
                break;
            case "unsubscribe":
                connections.Unsubscribe(connection, channel);
                connection.Send(ServerMessages.Unsubscribed(channel));
                break;
            case "message" when content is null:
                connection.Send(ServerMessages.Error("no_content", "A message needs content."));
                break;
            default:
                connections.Broadcast(channel, ServerMessages.Message(channel, connection.Sender, content!));
                break;
        }
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
