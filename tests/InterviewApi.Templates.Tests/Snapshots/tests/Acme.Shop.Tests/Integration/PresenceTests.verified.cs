using System.Text.Json;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

/// <summary>Messages to one recipient, and who is in a channel.</summary>
public sealed class PresenceTests : IAsyncLifetime
{
    private readonly ApiFactory _api = new ApiFactory().OnNetwork();

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_direct_message_reaches_its_recipient_and_nobody_else()
    {
        var (ada, adasName) = await ConnectAsync();
        var (bob, bobsName) = await ConnectAsync();
        var (other, _) = await ConnectAsync();

        await bob.SendAsync(new { action = "message", to = adasName, content = "hi" });

        var message = await ada.ReceiveAsync();
        Assert.Equal(
            ("message", adasName, bobsName, "hi"),
            (Text(message, "type"), Text(message, "to"), Text(message, "from"), Text(message, "content")));
        await bob.AssertNothingWaitsAsync();
        await other.AssertNothingWaitsAsync();
    }

    [Fact]
    public async Task A_recipient_that_is_not_connected_is_an_error()
    {
        var (client, _) = await ConnectAsync();

        await client.SendAsync(new { action = "message", to = "nobody", content = "hi" });

        Assert.Equal("unknown_recipient", Text(await client.ReceiveAsync(), "code"));
        await client.AssertNothingWaitsAsync();
    }

    [Fact]
    public async Task A_watcher_knows_who_is_there_who_joins_and_who_leaves()
    {
        var (early, earlysName) = await ConnectAsync();
        var (watcher, watchersName) = await ConnectAsync();
        var (late, latesName) = await ConnectAsync();
        await early.SubscribeAsync("lobby");

        await watcher.SendAsync(new { action = "subscribe", channel = "lobby", presence = true });
        var members = (await watcher.ReceiveAsync()).GetProperty("members").EnumerateArray().Select(member => member.GetString());
        Assert.Equal(new[] { earlysName, watchersName }.Order(), members.Order());

        await late.SubscribeAsync("lobby");
        Assert.Equal(("joined", latesName), await ReceivePresenceAsync(watcher));
        await late.SendAsync(new { action = "unsubscribe", channel = "lobby" });
        Assert.Equal(("left", latesName), await ReceivePresenceAsync(watcher));
        early.Dispose();
        Assert.Equal(("left", earlysName), await ReceivePresenceAsync(watcher));
        Assert.Equal("unsubscribed", await late.ReceiveTypeAsync());
        await late.AssertNothingWaitsAsync();
    }

    private static string? Text(JsonElement message, string name) => message.GetProperty(name).GetString();

    private static async Task<(string?, string?)> ReceivePresenceAsync(SocketClient client)
    {
        var message = await client.ReceiveAsync();
        Assert.Equal(("presence", "lobby"), (Text(message, "type"), Text(message, "channel")));
        return (Text(message, "event"), Text(message, "from"));
    }

    // The name of a client is that which its own messages show.
    private async Task<(SocketClient Client, string Name)> ConnectAsync()
    {
        using var writer = await _api.CreateWriterAsync();
        var client = await SocketClient.ConnectAsync(writer);
        await client.SubscribeAsync("mirror");
        await client.SendAsync(new { action = "message", channel = "mirror", content = "me" });
        var name = Text(await client.ReceiveAsync(), "from")!;
        await client.SendAsync(new { action = "unsubscribe", channel = "mirror" });
        Assert.Equal("unsubscribed", await client.ReceiveTypeAsync());
        return (client, name);
    }
}
