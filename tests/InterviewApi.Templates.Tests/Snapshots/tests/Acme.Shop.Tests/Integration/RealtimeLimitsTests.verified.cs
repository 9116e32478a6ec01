using System.Net.WebSockets;
using System.Security.Claims;
using Acme.Shop.Core.Realtime;
using Acme.Shop.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Integration;

public sealed class RealtimeLimitsTests(RealtimeFixture fixture) : IClassFixture<RealtimeFixture>
{
    private const int MaxBytes = 16 * 1024;

    [Fact]
    public async Task The_largest_message_passes_in_one_frame_or_in_several()
    {
        using var client = (await fixture.ConnectAsync(1))[0];
        await client.SubscribeAsync("big");
        var message = Message(MaxBytes);

        await client.SendAsync(message, WebSocketMessageType.Text);
        await client.SendAsync(message[..1], WebSocketMessageType.Text, isEnd: false);
        await client.SendAsync(message[1..9000], WebSocketMessageType.Text, isEnd: false);
        await client.SendAsync(message[9000..], WebSocketMessageType.Text);

        Assert.Equal("message", await client.ReceiveTypeAsync());
        Assert.Equal("message", await client.ReceiveTypeAsync());
    }

    [Fact]
    public async Task A_limit_that_was_raised_counts_for_fragments_too()
    {
        const int maxBytes = 1024 * 1024;
        await using var api = await new ApiFactory().OnNetwork().With("WebSockets:MaxMessageBytes", $"{maxBytes}").StartAsync();
        using var http = await api.CreateWriterAsync();
        using var client = await SocketClient.ConnectAsync(http);
        await client.SubscribeAsync("big");
        var fragments = Message(maxBytes).Chunk(1024).ToList();

        foreach (var (fragment, index) in fragments.Select((fragment, index) => (fragment, index)))
        {
            await client.SendAsync(fragment, WebSocketMessageType.Text, isEnd: index == fragments.Count - 1);
        }

        Assert.Equal("message", await client.ReceiveTypeAsync());
    }

    [Theory]
    [InlineData(MaxBytes + 1, 1)]
    [InlineData(MaxBytes + 1024, 1)]
    [InlineData(1024 * 1024, 1)]
    [InlineData(MaxBytes + 1024, 17)]
    public async Task A_message_that_is_too_big_closes_with_1009(int length, int frames)
    {
        using var client = (await fixture.ConnectAsync(1))[0];

        foreach (var (frame, index) in Message(length).Chunk(length / frames + 1).Select((frame, index) => (frame, index)))
        {
            await client.SendAsync(frame, WebSocketMessageType.Text, isEnd: index == frames - 1);
        }

        Assert.Equal((1009, "message too big"), await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_binary_message_closes_with_1003()
    {
        using var client = (await fixture.ConnectAsync(1))[0];
        await client.SendAsync([1, 2, 3], WebSocketMessageType.Binary);

        Assert.Equal(1003, (await client.ReceiveCloseAsync()).Status);
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_closes_with_1007()
    {
        using var client = (await fixture.ConnectAsync(1))[0];
        await client.SendAsync([0xC3, 0x28], WebSocketMessageType.Text);

        // The framework answers 1007 and tears the connection down at once, which may overtake the answer.
        Assert.Contains(await client.ReceiveEndAsync(), new int?[] { 1007, null });
    }

    [Fact]
    public async Task Too_many_messages_close_with_1008()
    {
        using var client = (await fixture.ConnectAsync(1))[0];
        for (var number = 0; number < 1000; number++)
        {
            await client.SendTextAsync("""{"action":"unsubscribe","channel":"c"}""");
        }

        Assert.Equal((1008, "too many messages"), await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_client_may_send_for_two_seconds_at_once_and_again_after_a_pause()
    {
        await using var api = await new ApiFactory().OnNetwork().With("WebSockets:MessagesPerSecond", "5").StartAsync();
        using var http = await api.CreateWriterAsync();
        using var client = await SocketClient.ConnectAsync(http);

        for (var burst = 0; burst < 3; burst++)
        {
            for (var number = 0; number < 10; number++)
            {
                await client.SendAsync(new { action = "ping" });
            }

            for (var number = 0; number < 10; number++)
            {
                Assert.Equal("pong", await client.ReceiveTypeAsync());
            }

            api.Time.Advance(TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public void A_subscription_is_confirmed_before_its_first_message()
    {
        var options = new RealtimeOptions { QueueLength = 1 };
        using var connections = new ConnectionManager(Options.Create(options));
        using var socket = WebSocket.CreateFromStream(Stream.Null, new WebSocketCreationOptions { IsServer = true });
        using var connection = new SocketConnection(
            socket, new ClaimsPrincipal(), options, TimeProvider.System, NullLogger<SocketConnection>.Instance, CancellationToken.None);

        Assert.True(connections.TrySubscribe(connection, "lobby"));
        Assert.False(connection.IsClosing);

        // The only place in the queue is taken by the confirmation.
        connections.Broadcast("lobby", ServerMessages.Message("lobby", "somebody", "hi"));
        Assert.True(connection.IsClosing);
    }

    [Fact]
    public async Task A_limit_is_logged_at_the_first_refusal_and_again_after_half_was_free()
    {
        using var log = new LogRecorder();
        await using var api = await new ApiFactory().With("WebSockets:MaxConnectionsPerAddress", "4").LogTo(log).OnNetwork().StartAsync();
        using var http = await api.CreateWriterAsync();
        var clients = new SocketClient[4];
        await RefillAsync(4);
        Assert.DoesNotContain(log.Lines, line => line.EventId == 1102);

        for (var churn = 0; churn < 3; churn++)
        {
            Assert.Equal(429, await SocketClient.RefusalOfAsync(http));
            await RefillAsync(1);
        }

        Assert.Single(log.Lines, line => line.EventId == 1102);
        await RefillAsync(3);
        Assert.Equal(429, await SocketClient.RefusalOfAsync(http));
        Assert.Equal(2, log.Lines.Count(line => line.EventId == 1102));
        Array.ForEach(clients, client => client.Dispose());

        async Task RefillAsync(int count)
        {
            await SocketClient.LeaveAsync(api, clients.Length - count, clients[..count]);
            for (var index = 0; index < count; index++)
            {
                clients[index] = await SocketClient.ConnectWhenPossibleAsync(http);
            }
        }
    }

    [Fact]
    public async Task Too_many_fragments_close_with_1008()
    {
        using var client = (await fixture.ConnectAsync(1))[0];
        for (var number = 0; number < 1000; number++)
        {
            await client.SendAsync([], WebSocketMessageType.Text, isEnd: false);
        }

        Assert.Equal((1008, "too many fragments"), await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_closed_with_1008_and_delays_nobody()
    {
        using var log = new LogRecorder();
        await using var api = await new ApiFactory()
            .LogTo(log)
            .With("Logging:LogLevel:Default", "Debug")
            .With("WebSockets:MessagesPerSecond", "10000")
            .OnNetwork().StartAsync();
        using var http = await api.CreateWriterAsync();
        using var sender = await SocketClient.ConnectAsync(http);
        using var reader = await SocketClient.ConnectAsync(http);
        using var stalled = await SocketClient.ConnectAsync(http);
        await reader.SubscribeAsync("flood");
        await stalled.SubscribeAsync("flood");
        var message = Message(MaxBytes, "flood");

        // Until the queue and the buffers of the network are full.
        for (var number = 0; number < 5000 && !IsClosed(log); number++)
        {
            await sender.SendAsync(message, WebSocketMessageType.Text);
            Assert.Equal("message", await reader.ReceiveTypeAsync());
        }

        Assert.Equal((1008, "slow consumer"), await stalled.ReceiveCloseAsync());
        await reader.SendAsync(new { action = "ping" });
        Assert.Equal("pong", await reader.ReceiveTypeAsync());
    }

    [Fact]
    public async Task Only_a_silent_client_without_a_subscription_is_closed()
    {
        await using var api = await new ApiFactory().OnNetwork().With("WebSockets:IdleSeconds", "5").StartAsync();
        using var http = await api.CreateWriterAsync();
        using var silent = await SocketClient.ConnectAsync(http);
        using var listener = await SocketClient.ConnectAsync(http);
        await listener.SubscribeAsync("lobby");

        api.Time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal((1000, "idle"), await silent.ReceiveCloseAsync());
        await listener.SendAsync(new { action = "ping" });
        Assert.Equal("pong", await listener.ReceiveTypeAsync());
    }

    [Fact]
    public async Task At_shutdown_every_client_is_closed_with_1001()
    {
        await using var api = await new ApiFactory().OnNetwork().StartAsync();
        using var http = await api.CreateWriterAsync();
        using var first = await SocketClient.ConnectAsync(http);
        using var second = await SocketClient.ConnectAsync(http);

        api.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Equal((1001, "shutdown"), await first.ReceiveCloseAsync());
        Assert.Equal((1001, "shutdown"), await second.ReceiveCloseAsync());
    }

    private static bool IsClosed(LogRecorder log) =>
        log.Lines.Any(line => line.Message.Contains("slow consumer", StringComparison.Ordinal));

    private static byte[] Message(int length, string channel = "big")
    {
        var start = $$"""{"action":"message","channel":"{{channel}}","content":"{{"x"}}""";
        return System.Text.Encoding.ASCII.GetBytes(start + new string('x', length - start.Length - 2) + "\"}");
    }
}
