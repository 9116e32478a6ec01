using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A WebSocket client that sends what a test says, byte for byte, and reads only when it is told to.</summary>
internal sealed class WireSocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TcpClient _client = new();
    private NetworkStream _stream = null!;

    private WireSocket(int? receiveBuffer) => _client.ReceiveBufferSize = receiveBuffer ?? _client.ReceiveBufferSize;

    /// <summary>The status code of the handshake: 101 if the server accepted it.</summary>
    public int HandshakeStatus { get; private set; }

    /// <summary>Opens a connection and says hello, with a token if there is one.</summary>
    public static async Task<WireSocket> OpenAsync(
        ServerInstance server, string? token, string headers = "", string query = "", int? receiveBuffer = null)
    {
        var socket = await ConnectAsync(server, receiveBuffer);
        var authorization = token is null ? "" : $"Authorization: Bearer {token}\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /ws{query} HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: aW50ZXJ2aWV3LWd1aWRlIQ==\r\n{authorization}{headers}\r\n"));
        var head = await socket.ReadHeadAsync();
        socket.HandshakeStatus = int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture);

        return socket;
    }

    /// <summary>Opens a connection and says nothing.</summary>
    public static async Task<WireSocket> ConnectAsync(ServerInstance server, int? receiveBuffer = null)
    {
        var socket = new WireSocket(receiveBuffer);
        await socket._client.ConnectAsync("127.0.0.1", server.Port);
        socket._stream = socket._client.GetStream();

        return socket;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var expired = new CancellationTokenSource(Patience);
        await _stream.WriteAsync(bytes, expired.Token);
    }

    /// <summary>Sends what the server may not want any more: it may have closed in the meantime.</summary>
    public async Task TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
        }
        catch (IOException)
        {
            // What the server said before it closed is read later.
        }
    }

    public Task SendTextAsync(string text) => SendAsync(WireFrame.EncodeText(text));

    public async Task SubscribeAsync(string channel)
    {
        await SendTextAsync($$"""{"action":"subscribe","channel":"{{channel}}"}""");
        Assert.Equal("subscribed", (await ReadMessageAsync()).GetProperty("type").GetString());
    }

    public Task BroadcastAsync(string channel, string content) =>
        SendTextAsync($$"""{"action":"message","channel":"{{channel}}","content":"{{content}}"}""");

    public async Task PingAsync()
    {
        await SendTextAsync("""{"action":"ping"}""");
        Assert.Equal("pong", (await ReadMessageAsync()).GetProperty("type").GetString());
    }

    /// <summary>Reads the next message; pings of the server are answered.</summary>
    public async Task<JsonElement> ReadMessageAsync()
    {
        while (true)
        {
            var frame = await ReadFrameAsync() ?? throw new InvalidOperationException("The connection was torn down.");
            if (frame.Opcode == WireFrame.Text)
            {
                return JsonSerializer.Deserialize<JsonElement>(frame.Payload);
            }

            Assert.True(frame.Opcode == WireFrame.Ping, $"The server closed: {frame.Status} {frame.Reason}");
            await SendAsync(WireFrame.Encode(WireFrame.Final | WireFrame.Pong, frame.Payload));
        }
    }

    /// <summary>Reads whatever comes until the server closes or the connection ends.</summary>
    /// <returns>The close frame, or null if the connection was torn down without one.</returns>
    public async Task<WireFrame?> ReadEndAsync()
    {
        while (await ReadFrameAsync() is { } frame)
        {
            if (frame.Opcode == WireFrame.Close)
            {
                return frame;
            }
        }

        return null;
    }

    /// <summary>Waits until the server ends a connection whose handshake was never finished.</summary>
    /// <returns>What it said before: nothing, or an answer of HTTP.</returns>
    public async Task<string> ReadRestAsync()
    {
        using var expired = new CancellationTokenSource(Patience);
        using var reader = new StreamReader(_stream, Encoding.ASCII);
        try
        {
            return await reader.ReadToEndAsync(expired.Token);
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Answers the close frame of the server with the same.</summary>
    public Task AnswerAsync(WireFrame close) => TrySendAsync(WireFrame.Encode(WireFrame.Final | WireFrame.Close, close.Payload));

    /// <summary>Tears the connection down, as a network does.</summary>
    public void Reset()
    {
        _client.Client.LingerState = new LingerOption(true, 0);
        Dispose();
    }

    public void Dispose() => _client.Dispose();

    private async Task<WireFrame?> ReadFrameAsync()
    {
        using var expired = new CancellationTokenSource(Patience);
        try
        {
            var head = await ReadAsync(2, expired.Token);
            var length = (head[1] & 0x7F) switch
            {
                126 => BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2, expired.Token)),
                127 => BinaryPrimitives.ReadInt64BigEndian(await ReadAsync(8, expired.Token)),
                var length7 => length7,
            };

            return new WireFrame(head[0], await ReadAsync((int)length, expired.Token));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<byte[]> ReadAsync(int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, cancellationToken);

        return bytes;
    }

    private async Task<string> ReadHeadAsync()
    {
        using var expired = new CancellationTokenSource(Patience);
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await ReadAsync(1, expired.Token))[0]);
        }

        return head.ToString();
    }
}
