using System.Text;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>What a hostile client may send to <c>/ws</c>, and that the process is as well afterwards as before.</summary>
[Trait("Level", "Run")]
[Collection(AloneGroup.Name)]
public sealed class SocketAttackTests(ITestOutputHelper output)
{
    private const int MaxBytes = 16 * 1024;
    private const int Flooders = 20;
    private const int Frames = 10_000;
    private const long MostBytesKept = 96L * 1024 * 1024;

    // What ends the connection, and the status that says why. The framework tears a connection that breaks the protocol down
    // at once, which may overtake its close frame.
    private static readonly (string Attack, byte[] Bytes, int Status)[] Attacks =
    [
        ("a frame of 17 KiB", WireFrame.Encode(WireFrame.Final | WireFrame.Text, Ascii(17 * 1024)), 1009),
        (
            "a message of 17 KiB in two frames",
            [.. WireFrame.Encode(WireFrame.Text, Ascii(MaxBytes)), .. WireFrame.Encode(WireFrame.Final, Ascii(1024))], 1009),
        ("a binary frame", WireFrame.Encode(WireFrame.Final | WireFrame.Binary, [1, 2, 3]), 1003),
        ("text that is not UTF-8", WireFrame.Encode(WireFrame.Final | WireFrame.Text, [0xC3, 0x28]), 1007),
        ("half a character at the end", WireFrame.Encode(WireFrame.Final | WireFrame.Text, [(byte)'x', 0xE2, 0x82]), 1007),
        ("10,000 frames at once", Repeat(WireFrame.EncodeText("""{"action":"unsubscribe","channel":"c"}"""), Frames), 1008),
        ("10,000 empty frames", Repeat(WireFrame.EncodeText(""), Frames), 1008),
        (
            "10,000 empty fragments",
            [.. WireFrame.Encode(WireFrame.Text, []), .. Repeat(WireFrame.Encode(WireFrame.Continuation, []), Frames)], 1008),
        (
            "10,000 fragments of a byte",
            [.. WireFrame.Encode(WireFrame.Text, Ascii(1)), .. Repeat(WireFrame.Encode(WireFrame.Continuation, Ascii(1)), Frames)], 1008),
        ("a ping of 126 bytes", WireFrame.Encode(WireFrame.Final | WireFrame.Ping, Ascii(126)), 1002),
        ("a ping that states 2^62 bytes", WireFrame.Encode(WireFrame.Final | WireFrame.Ping, [], statedLength: 1UL << 62), 1002),
        ("a ping in fragments", WireFrame.Encode(WireFrame.Ping, Ascii(1)), 1002),
        ("a frame without a mask", WireFrame.Encode(WireFrame.Final | WireFrame.Text, Ascii(10), masked: false), 1002),
        ("a frame with a reserved bit", WireFrame.Encode(WireFrame.Final | 0x40 | WireFrame.Text, Ascii(10)), 1002),
        ("a frame with a reserved opcode", WireFrame.Encode(WireFrame.Final | 3, Ascii(10)), 1002),
        ("a continuation of nothing", WireFrame.Encode(WireFrame.Final | WireFrame.Continuation, Ascii(10)), 1002),
        ("a message inside a message", [.. WireFrame.Encode(WireFrame.Text, Ascii(1)), .. WireFrame.EncodeText("x")], 1002),
        ("a text that states 2^63 bytes", WireFrame.Encode(WireFrame.Final | WireFrame.Text, [], statedLength: 1UL << 63), 1002),
        ("a close frame of a byte", WireFrame.Encode(WireFrame.Final | WireFrame.Close, [3]), 1002),
    ];

    // A proxy shares its connections between clients: one that closes unannounced would cost another client its request.
    [Fact]
    public async Task A_request_without_a_handshake_keeps_its_connection()
    {
        Requires.Servers();
        await using var server = await StartAsync();
        var token = (await TestAccount.SignUpAsync(server.Client)).AccessToken;
        using var client = new System.Net.Sockets.TcpClient("127.0.0.1", server.Port);
        var request = $"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n";

        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request + "\r\n" + request + "Connection: close\r\n\r\n"));

        using var reader = new StreamReader(client.GetStream());
        var responses = await reader.ReadToEndAsync();
        Assert.Equal(2, responses.Split("HTTP/1.1 426 ").Length - 1);
    }

    [Fact]
    public async Task A_handshake_needs_a_good_token_and_a_page_that_is_known()
    {
        Requires.Servers();
        await using var server = await StartAsync();
        var account = await TestAccount.SignUpAsync(server.Client);
        var loggedOut = await TestAccount.SignInAsync(server.Client, account.Username, account.Password);
        using var logout = await loggedOut.LogoutAsync(server.Client);
        var expired = TestToken.WithClaim(account.AccessToken, "exp", DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds());

        foreach (var (status, token, headers) in new (int, string?, string)[]
        {
            (101, account.AccessToken, ""),
            (101, TestToken.WithClaim(account.AccessToken, "note", "signed again"), ""),
            (101, account.AccessToken, $"Origin: http://127.0.0.1:{server.Port}\r\n"),
            (401, null, ""),
            (401, "nonsense", ""),
            (401, account.RefreshToken, ""),
            (401, loggedOut.AccessToken, ""),
            (401, expired, ""),
            (401, TestToken.WithClaim(account.AccessToken, "aud", "somebody else"), ""),
            (401, account.AccessToken[..^1] + (account.AccessToken[^1] == 'A' ? 'B' : 'A'), ""),
            (403, account.AccessToken, "Origin: https://evil.example\r\n"),
            (403, account.AccessToken, "Origin: null\r\n"),
            (403, account.AccessToken, "Origin: http://127.0.0.1\r\n"),
        })
        {
            using var socket = await WireSocket.OpenAsync(server, token, headers);
            using var byAddress = await WireSocket.OpenAsync(server, null, headers, $"?access_token={token}");
            Assert.True(
                (status, status) == (socket.HandshakeStatus, byAddress.HandshakeStatus),
                $"{status} expected for {token} {headers}: {socket.HandshakeStatus} {byAddress.HandshakeStatus}");
        }
    }

    [Fact]
    public async Task Whoever_breaks_a_rule_is_closed_with_the_reason_and_nobody_else_notices()
    {
        Requires.Servers();
        await using var server = await StartAsync();
        var token = (await TestAccount.SignUpAsync(server.Client)).AccessToken;
        using var witness = await WireSocket.OpenAsync(server, token);
        await witness.SubscribeAsync("lobby");
        var connectionsBefore = server.CountConnections();

        foreach (var (attack, bytes, status) in Attacks)
        {
            using var attacker = await WireSocket.OpenAsync(server, token);
            await attacker.SubscribeAsync("lobby");
            await attacker.TrySendAsync(bytes);

            var end = await attacker.ReadEndAsync();

            output.WriteLine($"{attack}: {end?.Status.ToString() ?? "torn down"} {end?.Reason}");
            Assert.True(status is 1002 or 1007 ? end is null || end.Status == status : end?.Status == status, $"{attack}: {end?.Status}");
            await witness.BroadcastAsync("lobby", attack);
            Assert.Equal(attack, (await witness.ReadMessageAsync()).GetProperty("content").GetString());
        }

        await Eventually.HoldsAsync("every attacker is gone", () => server.CountConnections() <= connectionsBefore);
        Assert.DoesNotContain("fail:", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Floods_leave_no_connection_and_no_memory_behind()
    {
        Requires.Servers();
        await using var server = await StartAsync();
        var token = (await TestAccount.SignUpAsync(server.Client)).AccessToken;
        await FloodAsync(server, token);
        var (connectionsBefore, bytesBefore) = (server.CountConnections(), server.Memory.ResidentBytes);

        for (var round = 0; round < 5; round++)
        {
            await FloodAsync(server, token);
        }

        await Eventually.HoldsAsync("every flooder is gone", () => server.CountConnections() <= connectionsBefore);
        var bytesKept = server.Memory.ResidentBytes - bytesBefore;
        output.WriteLine(
            $"after the first flood {ProcessMemory.InMiB(bytesBefore)}, after five more {ProcessMemory.InMiB(bytesKept)} more");
        Assert.InRange(bytesKept, long.MinValue, MostBytesKept);
        await (await WireSocket.OpenAsync(server, token)).PingAsync();
    }

    [Fact]
    public async Task Who_does_not_finish_the_handshake_or_does_not_answer_a_ping_is_cut_off()
    {
        Requires.Servers();
        await using var server = await StartAsync(("WebSockets__KeepAliveSeconds", "1"));
        var token = (await TestAccount.SignUpAsync(server.Client)).AccessToken;
        var slow = new WireSocket[100];
        for (var index = 0; index < slow.Length; index++)
        {
            slow[index] = await WireSocket.ConnectAsync(server);
            await slow[index].SendAsync(Encoding.ASCII.GetBytes("GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: webso"));
        }

        // It reads nothing and says nothing, as a machine that lost its power.
        using var dead = await WireSocket.OpenAsync(server, token);
        using var silent = await WireSocket.OpenAsync(server, token);
        Assert.Null(await silent.ReadEndAsync());
        using (await server.Client.GetAsync("/health/live"))
        {
            foreach (var client in slow)
            {
                Assert.Matches("^$|^HTTP/1.1 408 ", await client.ReadRestAsync());
                client.Dispose();
            }
        }

        await Eventually.HoldsAsync("only the client of this test is left", () => server.CountConnections() <= 1);
    }

    [Fact]
    public async Task At_shutdown_every_client_is_closed_with_1001_and_the_process_ends_with_0()
    {
        Requires.Servers();
        await using var server = await StartAsync();
        var token = (await TestAccount.SignUpAsync(server.Client)).AccessToken;
        var clients = new WireSocket[50];
        for (var index = 0; index < clients.Length; index++)
        {
            clients[index] = await WireSocket.OpenAsync(server, token);
            await clients[index].SubscribeAsync("lobby");
        }

        var stopping = server.StopAsync();

        foreach (var (client, index) in clients.Select((client, index) => (client, index)))
        {
            var close = await client.ReadEndAsync();
            Assert.True(close is { Status: 1001, Reason: "shutdown" }, $"{close?.Status} {close?.Reason}");

            // Half of the clients are polite; the process does not wait for the others.
            if (index % 2 == 0)
            {
                await client.AnswerAsync(close!);
            }
        }

        Assert.Equal(0, await stopping);
    }

    private static async Task<ServerInstance> StartAsync(params (string, string)[] settings) =>
        await ServerInstance.StartAsync(await ServerApplication.OnSqliteAsync(), settings);

    // Half of them in pieces that never end, half in more messages than are allowed; then all of them vanish.
    private static async Task FloodAsync(ServerInstance server, string token) =>
        await Task.WhenAll(Enumerable.Range(0, Flooders).Select(async index =>
        {
            var flooder = await WireSocket.OpenAsync(server, token);
            await flooder.TrySendAsync(index % 2 == 0
                ? WireFrame.Encode(WireFrame.Text, Ascii(MaxBytes / 2), statedLength: MaxBytes)
                : Repeat(WireFrame.Encode(WireFrame.Final | WireFrame.Text, Ascii(MaxBytes)), 500));
            flooder.Reset();
        }));

    private static byte[] Ascii(int length)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill((byte)'x');

        return bytes;
    }

    private static byte[] Repeat(byte[] bytes, int count) => [.. Enumerable.Repeat(bytes, count).SelectMany(copy => copy)];
}
