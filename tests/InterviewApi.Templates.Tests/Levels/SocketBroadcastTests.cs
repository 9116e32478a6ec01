using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>A thousand clients of one process, and what those cost that do not read.</summary>
[Trait("Level", "Run")]
[Collection(AloneGroup.Name)]
public sealed class SocketBroadcastTests(ITestOutputHelper output)
{
    private const int Clients = 1000;
    private const int Stalled = 10;
    private const int Messages = 100;
    private const int FloodOfEachMessage = 10;
    private const long MostBytesOfAConnection = 128 * 1024;

    [Fact]
    public async Task Each_of_a_thousand_clients_gets_each_message_once_and_in_order_whoever_does_not_read()
    {
        Requires.Servers();
        await using var server = await ServerInstance.StartAsync(
            await ServerApplication.OnSqliteAsync(),
            ("WebSockets__MessagesPerSecond", "100000"),
            ("WebSockets__MaxConnectionsPerUser", "2000"),
            ("WebSockets__MaxConnectionsPerAddress", "2000"),
            ($"Logging__LogLevel__{ServerApplication.Name}.Core.Realtime", "Debug"));
        var token = (await TestAccount.SignUpAsync(server.Client)).AccessToken;
        var connectionsBefore = server.CountConnections();
        var stalled = await OpenAsync(server, Stalled, token, receiveBuffer: 4096);
        var bytesBefore = server.Memory.ResidentBytes;
        var clients = await OpenAsync(server, Clients, token);
        var bytesOfAConnection = (server.Memory.ResidentBytes - bytesBefore) / Clients;
        output.WriteLine($"memory for each idle connection: {bytesOfAConnection / 1024} KiB");
        foreach (var client in stalled)
        {
            await client.SubscribeAsync("flood");
        }

        var sender = clients[0];
        var flood = new string('x', 15 * 1024);
        for (var message = 0; message < Messages; message++)
        {
            await sender.BroadcastAsync("news", $"{message}");
            for (var count = 0; count < FloodOfEachMessage; count++)
            {
                await sender.BroadcastAsync("flood", flood);
            }
        }

        await Task.WhenAll(clients.Select(AssertAllArriveAsync));
        await Eventually.HoldsAsync("who does not read is closed", () => server.CountInLog("1008 slow consumer") == Stalled);
        foreach (var end in await Task.WhenAll(stalled.Select(client => client.ReadEndAsync())))
        {
            // Cut off without a frame if this machine was too busy to read it within the five seconds that the server waits.
            Assert.True(end is null or { Status: 1008, Reason: "slow consumer" }, $"{end?.Status} {end?.Reason}");
        }

        Close([.. clients, .. stalled]);
        await Eventually.HoldsAsync("no connection is left", () => server.CountConnections() <= connectionsBefore);
        Assert.InRange(bytesOfAConnection, 0, MostBytesOfAConnection);
    }

    private static async Task AssertAllArriveAsync(WireSocket client)
    {
        for (var message = 0; message < Messages; message++)
        {
            Assert.Equal($"{message}", (await client.ReadMessageAsync()).GetProperty("content").GetString());
        }

        // Answers are in order: if the next one is the pong, nothing was before it.
        await client.PingAsync();
    }

    private static async Task<WireSocket[]> OpenAsync(ServerInstance server, int count, string token, int? receiveBuffer = null)
    {
        var clients = new WireSocket[count];
        await Parallel.ForAsync(0, count, async (index, _) =>
        {
            clients[index] = await WireSocket.OpenAsync(server, token, receiveBuffer: receiveBuffer);
            await clients[index].SubscribeAsync("news");
        });

        return clients;
    }

    private static void Close(WireSocket[] clients)
    {
        foreach (var client in clients)
        {
            client.Dispose();
        }
    }
}
