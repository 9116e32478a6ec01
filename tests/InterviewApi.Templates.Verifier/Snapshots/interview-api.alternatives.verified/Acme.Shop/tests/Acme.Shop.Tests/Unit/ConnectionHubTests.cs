using System.Net.WebSockets;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Realtime;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Unit;

public sealed class ConnectionHubTests
{
    [Fact]
    public void A_subscription_is_confirmed_before_its_first_message()
    {
        using var hub = new ConnectionHub(Options.Create(new RealtimeOptions()));
        using var socket = WebSocket.CreateFromStream(Stream.Null, new WebSocketCreationOptions { IsServer = true });
        using var connection = new SocketConnection(
            socket, queueLength: 1, TimeProvider.System, NullLogger<SocketConnection>.Instance, CancellationToken.None);

        Assert.True(hub.TrySubscribe(connection, "lobby"));
        Assert.False(connection.IsClosing);

        // The only place in the queue is taken by the confirmation.
        hub.Broadcast("lobby", ServerMessages.Message("lobby", "somebody", "hi"));
        Assert.True(connection.IsClosing);
    }
}
