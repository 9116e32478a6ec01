using Acme.Shop.Tests.Support;
using StackExchange.Redis;

namespace Acme.Shop.Tests.Integration;

public sealed class BackplaneTests
{
    [Fact]
    public async Task A_message_reaches_the_clients_of_every_instance_once()
    {
        var redis = TestRedis.NewConnectionString();
        await using var first = await StartAsync(redis);
        await using var second = await StartAsync(redis);
        await using var stranger = await StartAsync(TestRedis.NewConnectionString());
        using var sender = await ConnectAsync(first);
        using var listener = await ConnectAsync(second);
        using var outsider = await ConnectAsync(stranger);
        foreach (var client in new[] { sender, listener, outsider })
        {
            await client.SubscribeAsync("lobby");
        }

        for (var number = 0; number < 50; number++)
        {
            await sender.SendAsync(new { action = "message", channel = "lobby", content = $"{number}" });
        }

        foreach (var client in new[] { sender, listener })
        {
            for (var number = 0; number < 50; number++)
            {
                Assert.Equal($"{number}", (await client.ReceiveAsync()).GetProperty("content").GetString());
            }
        }

        // A message of the listener passes the same way after all that could still come.
        await listener.SendAsync(new { action = "message", channel = "lobby", content = "last" });
        Assert.Equal("last", (await sender.ReceiveAsync()).GetProperty("content").GetString());
        Assert.Equal("last", (await listener.ReceiveAsync()).GetProperty("content").GetString());
        await outsider.SendAsync(new { action = "ping" });
        Assert.Equal("pong", await outsider.ReceiveTypeAsync());
    }

    [Fact]
    public async Task Without_Redis_the_clients_of_an_instance_still_hear_each_other()
    {
        await using var api = await StartAsync(TestRedis.Nowhere);
        using var sender = await ConnectAsync(api);
        using var listener = await ConnectAsync(api);
        await listener.SubscribeAsync("lobby");

        await sender.SendAsync(new { action = "message", channel = "lobby", content = "hi" });

        Assert.Equal("hi", (await listener.ReceiveAsync()).GetProperty("content").GetString());
    }

    [Fact]
    public async Task A_Redis_that_is_unavailable_is_logged_once_and_not_for_each_attempt()
    {
        var log = new LogRecorder();
        await using var api = await new ApiFactory().With("ConnectionStrings:Redis", TestRedis.Nowhere).LogTo(log).StartAsync();

        // Longer than two intervals between attempts.
        await Task.Delay(TimeSpan.FromSeconds(2.5));

        Assert.Single(log.Lines, line => line.Message.StartsWith("Messages of other instances", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failed_subscriptions_leave_nothing_behind_that_keeps_messages()
    {
        const int megabyte = 1024 * 1024;
        var redis = TestRedis.NewConnectionString();
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis);
        var name = $"test-{Guid.NewGuid():N}";
        await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", name, "on", ">secret", "~*", "+@all", "resetchannels");
        var log = new LogRecorder();
        await using var api = new ApiFactory().OnNetwork().LogTo(log)
            .With("ConnectionStrings:Redis", $"{redis},user={name},password=secret");
        await api.InitializeAsync();
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        Assert.Single(log.Lines, line => line.Message.StartsWith("Messages of other instances", StringComparison.Ordinal));

        await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", name, "allchannels");
        var topic = RedisChannel.Literal("websockets:another-instance:lobby");
        await Eventually.HoldsAsync(async () => await admin.GetDatabase().PublishAsync(topic, "") > 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var number = 0; number < 64; number++)
        {
            await admin.GetDatabase().PublishAsync(topic, new byte[megabyte]);
        }

        await admin.GetDatabase().ExecuteAsync("ACL", "DELUSER", name);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 32 * megabyte);
    }

    [Fact]
    public async Task A_direct_message_reaches_a_recipient_on_another_instance_and_an_unknown_one_is_an_error()
    {
        var redis = TestRedis.NewConnectionString();
        await using var first = await StartAsync(redis);
        await using var second = await StartAsync(redis);
        using var sender = await ConnectAsync(first);
        using var recipient = await ConnectAsync(second);
        await recipient.SubscribeAsync("lobby");
        await recipient.SendAsync(new { action = "message", channel = "lobby", content = "me" });
        var name = (await recipient.ReceiveAsync()).GetProperty("from").GetString();

        await sender.SendAsync(new { action = "message", to = name, content = "hi" });
        Assert.Equal("hi", (await recipient.ReceiveAsync()).GetProperty("content").GetString());

        await sender.SendAsync(new { action = "message", to = "nobody", content = "hi" });
        Assert.Equal("unknown_recipient", (await sender.ReceiveAsync()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_watcher_hears_of_members_on_other_instances_also_when_an_instance_dies()
    {
        var redis = TestRedis.NewConnectionString();
        await using var first = await StartAsync(redis);
        await using var second = await StartAsync(redis);
        using var watcher = await ConnectAsync(first);
        using var member = await ConnectAsync(second);
        await watcher.SendAsync(new { action = "subscribe", channel = "lobby", presence = true });
        Assert.Equal("subscribed", await watcher.ReceiveTypeAsync());

        await member.SubscribeAsync("lobby");
        var joined = await watcher.ReceiveAsync();
        await member.SendAsync(new { action = "unsubscribe", channel = "lobby" });
        var left = await watcher.ReceiveAsync();
        Assert.Equal(("joined", "left"), (EventOf(joined), EventOf(left)));
        Assert.Equal(joined.GetProperty("from").GetString(), left.GetProperty("from").GetString());

        // An instance that says once who is there, and nothing any more.
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis);
        await admin.GetDatabase().PublishAsync(RedisChannel.Literal("websockets:dead:=lobby"), """["ghost"]""");
        Assert.Equal("joined", EventOf(await watcher.ReceiveAsync()));
        Assert.Equal("left", EventOf(await watcher.ReceiveAsync()));

        static string? EventOf(System.Text.Json.JsonElement message) => message.GetProperty("event").GetString();
    }

    private static async Task<ApiFactory> StartAsync(string redis)
    {
        var api = new ApiFactory().OnNetwork().With("ConnectionStrings:Redis", redis);
        await api.InitializeAsync();
        return api;
    }

    private static async Task<SocketClient> ConnectAsync(ApiFactory api)
    {
        using var client = await api.CreateWriterAsync();
        return await SocketClient.ConnectAsync(client);
    }
}
