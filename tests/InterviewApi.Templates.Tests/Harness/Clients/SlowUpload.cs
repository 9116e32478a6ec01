using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A request to nginx that announces an image, sends the first part of it, and then nothing more.</summary>
internal sealed class SlowUpload : IDisposable
{
    private static readonly byte[] Begin =
        [
            .. "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"cup.png\"\r\n\r\n"u8, 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A,
            0x1A, 0x0A];

    // Less than the time after which nginx gives up a client that sends nothing.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpClient _client;
    private readonly SslStream _stream;
    private readonly StreamReader _reader;

    private SlowUpload(TcpClient client, SslStream stream) =>
        (_client, _stream, _reader) = (client, stream, new StreamReader(stream, Encoding.ASCII));

    /// <param name="nginx">The server that gets it.</param>
    /// <param name="number">Each is another address, as for other clients.</param>
    /// <param name="request">Method and path.</param>
    /// <param name="token">That of a user, or null.</param>
    /// <param name="sent">How many bytes are sent.</param>
    /// <param name="announced">How many bytes there would be.</param>
    public static async Task<SlowUpload> BeginAsync(NginxServer nginx, byte number, string request, string? token, int sent, int announced)
    {
        var client = new TcpClient(new IPEndPoint(new IPAddress([127, 0, 0, number]), 0));
        await client.ConnectAsync(IPAddress.Loopback, nginx.Site.HttpsPort);
        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate?.GetCertHashString() == nginx.Site.Certificate.GetCertHashString(),
        });

        // nginx says that it is ready for the body when it has let the request pass.
        var authorization = token is null ? "" : $"Authorization: Bearer {token}\r\n";
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"{request} HTTP/1.1\r\nHost: localhost\r\n{authorization}Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {announced}\r\nExpect: 100-continue\r\n\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync((byte[])[.. Begin, .. new byte[sent - Begin.Length]]);

        return new SlowUpload(client, stream);
    }

    /// <summary>The status of the next answer, which may be an interim one (100). There is none if that takes too long.</summary>
    public async Task<int?> NextStatusAsync()
    {
        using var expired = new CancellationTokenSource(Patience);
        try
        {
            while (await _reader.ReadLineAsync(expired.Token) is { } line)
            {
                if (line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
                {
                    return int.Parse(line.AsSpan(9, 3), CultureInfo.InvariantCulture);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nothing was said.
        }

        return null;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
        _client.Dispose();
    }
}
