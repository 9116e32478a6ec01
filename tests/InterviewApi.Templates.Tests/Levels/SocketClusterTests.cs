using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Several processes on one Redis.</summary>
[Trait("Level", "Run")]
[Collection(AloneGroup.Name)]
public sealed class SocketClusterTests
{
    private const int Messages = 20;

    [Fact]
    public async Task A_message_crosses_to_every_instance_once_and_does_so_again_after_Redis_was_away()
    {
        Requires.Servers();
        await using var redis = new RestartableRedis();
        await redis.StartAsync();
        await using var first = await StartAsync(redis, null);
        await using var second = await StartAsync(redis, first);
        var token = (await TestAccount.SignUpAsync(first.Client)).AccessToken;
        var clients = new List<WireSocket>
        {
            await ConnectAsync(first, token),
            await ConnectAsync(first, token),
            await ConnectAsync(second, token),
        };
        await AssertConnectedAsync(clients);
        await AssertEachArrivesOnceAsync(clients, "two");

        await using var third = await StartAsync(redis, first);
        clients.Add(await ConnectAsync(third, token));
        await AssertConnectedAsync(clients);
        await AssertEachArrivesOnceAsync(clients, "three");

        await redis.StopAsync();
        await AssertEachArrivesOnceAsync([clients[0], clients[1]], "alone");
        await redis.StartAsync();
        await AssertConnectedAsync(clients);
        await AssertEachArrivesOnceAsync(clients, "again");
    }

    [Fact]
    public async Task A_message_crosses_over_a_server_of_a_cluster()
    {
        Requires.Servers();
        await using var redis = new RestartableRedis("--cluster-enabled", "yes");
        await redis.StartAsync();
        await redis.CommandAsync("cluster", "addslotsrange", "0", "16383");
        await using var first = await StartAsync(redis, null);
        await using var second = await StartAsync(redis, first);
        var token = (await TestAccount.SignUpAsync(first.Client)).AccessToken;
        var clients = new List<WireSocket> { await ConnectAsync(first, token), await ConnectAsync(second, token) };

        await AssertConnectedAsync(clients);
        await AssertEachArrivesOnceAsync(clients, "cluster");
    }

    // All instances share the database, in a file; the first one makes its tables.
    private static async Task<ServerInstance> StartAsync(RestartableRedis redis, ServerInstance? other)
    {
        (string, string)[] settings = [("ConnectionStrings__Redis", redis.ConnectionString)];

        return await ServerInstance.StartAsync(
            await ServerApplication.OnSqliteAsync(),
            other is null ? settings
                : [.. settings, ("ConnectionStrings__Database", $"Data Source={Path.Combine(other.Folder, "shop.db")}")]);
    }

    private static async Task<WireSocket> ConnectAsync(ServerInstance server, string token)
    {
        var client = await WireSocket.OpenAsync(server, token);
        await client.SubscribeAsync("lobby");

        return client;
    }

    // Delivery is at most once, and an instance says nowhere that it has subscribed again: so each client calls until each
    // of the others has heard it.
    private static async Task AssertConnectedAsync(List<WireSocket> clients)
    {
        var call = 0;
        foreach (var caller in clients)
        {
            foreach (var listener in clients)
            {
                await Eventually.HoldsAsync("each client hears each other", async () =>
                {
                    var content = $"call {++call}";
                    await caller.BroadcastAsync("lobby", content);
                    await Task.Delay(TimeSpan.FromMilliseconds(20));
                    return (await ReadUntilPongAsync(listener)).Contains(content);
                });
            }
        }

        // Every call crosses before what its caller sends after it, so nothing of the calls is left behind these.
        foreach (var caller in clients)
        {
            await caller.BroadcastAsync("lobby", "ready");
        }

        foreach (var listener in clients)
        {
            for (var ready = 0; ready < clients.Count;)
            {
                ready += (await ReadContentAsync(listener)) == "ready" ? 1 : 0;
            }
        }
    }

    private static async Task AssertEachArrivesOnceAsync(List<WireSocket> clients, string name)
    {
        foreach (var (client, index) in clients.Select((client, index) => (client, index)))
        {
            for (var number = 0; number < Messages; number++)
            {
                await client.BroadcastAsync("lobby", $"{name} {index} {number}");
            }
        }

        var expected = from index in Enumerable.Range(0, clients.Count) from number in Enumerable.Range(0, Messages)
            select $"{name} {index} {number}";
        foreach (var client in clients)
        {
            var received = new List<string?>();
            for (var count = 0; count < clients.Count * Messages; count++)
            {
                received.Add(await ReadContentAsync(client));
            }

            // Those of one sender are in order, whatever comes in between.
            Assert.Equal(expected, received.OrderBy(content => content!.Split(' ')[1], StringComparer.Ordinal));
            await client.PingAsync();
        }
    }

    private static async Task<List<string?>> ReadUntilPongAsync(WireSocket client)
    {
        await client.SendTextAsync("""{"action":"ping"}""");
        var contents = new List<string?>();
        while (await client.ReadMessageAsync() is var message && message.GetProperty("type").GetString() != "pong")
        {
            contents.Add(message.GetProperty("content").GetString());
        }

        return contents;
    }

    private static async Task<string?> ReadContentAsync(WireSocket client) =>
        (await client.ReadMessageAsync()).GetProperty("content").GetString();
}
