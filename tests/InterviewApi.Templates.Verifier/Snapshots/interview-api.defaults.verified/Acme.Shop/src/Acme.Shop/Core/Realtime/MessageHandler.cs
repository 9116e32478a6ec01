using System.Text.Json;
using System.Text.RegularExpressions;

namespace Acme.Shop.Core.Realtime;

/// <summary>
/// Does what a client asks for. Whatever is wrong with a message is answered with an error, and the connection stays.
/// </summary>
public sealed partial class MessageHandler(ConnectionHub hub, IMessageBroadcaster broadcaster)
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerOptions.Web) { AllowDuplicateProperties = false, MaxDepth = 8 };

    public void Handle(SocketConnection connection, ReadOnlySpan<byte> message)
    {
        if (Parse(message) is not { } request)
        {
            connection.Send(ServerMessages.Error("invalid_message", "The message is not a JSON object with text members."));
        }
        else if (request.Action == "ping")
        {
            connection.Send(ServerMessages.Pong);
        }
        else if (request.Action is not ("subscribe" or "unsubscribe" or "message"))
        {
            connection.Send(ServerMessages.Error("unknown_action", "The action is subscribe, unsubscribe, message or ping."));
        }
        else if (request.Channel is not { } channel || !ChannelName().IsMatch(channel))
        {
            connection.Send(ServerMessages.Error(
                "invalid_channel", "A channel is named with 1 to 64 letters, digits, dots, colons, underscores or hyphens."));
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
            case "subscribe" when hub.TrySubscribe(connection, channel):
                break;
            case "subscribe":
                connection.Send(ServerMessages.Error(
                    "too_many_subscriptions", "This connection has as many channels as it may have."));
                break;
            case "unsubscribe":
                hub.Unsubscribe(connection, channel);
                connection.Send(ServerMessages.Unsubscribed(channel));
                break;
            case "message" when content is null:
                connection.Send(ServerMessages.Error("no_content", "A message has content."));
                break;
            default:
                broadcaster.Broadcast(channel, ServerMessages.Message(channel, connection.Sender, content!));
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
