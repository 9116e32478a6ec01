using System.Net;
using System.Net.Sockets;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A DNS server on the loopback address that gives every name the same address, which may change.</summary>
internal sealed class NameServer : IDisposable
{
    private const int HeaderLength = 12;
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));

    public NameServer(IPAddress address)
    {
        Address = address;
        _ = AnswerAsync();
    }

    public IPAddress Address { get; set; }

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();

    // RFC 1035, section 4: the question comes back, with one answer that points to the name in it.
    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var query = await _socket.ReceiveAsync();
                var question = query.Buffer[HeaderLength..(Array.IndexOf(query.Buffer, (byte)0, HeaderLength) + 5)];
                byte[] header = [.. query.Buffer[..2], 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0];
                byte[] answer = [0xC0, HeaderLength, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, .. Address.GetAddressBytes()];
                await _socket.SendAsync((byte[])[.. header, .. question, .. answer], query.RemoteEndPoint);
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            // The test has ended.
        }
    }
}
