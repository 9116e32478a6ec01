using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>
/// The instances of a host whose units run without the application: each port answers as the release that is there. Of a
/// release whose name begins with "bad", every tenth response is 500.
/// </summary>
internal sealed class StandInInstances : IDisposable
{
    private readonly List<TcpListener> _listeners = [];
    private readonly ConcurrentDictionary<string, int> _answered = new();
    private readonly StandInHost _host;

    public StandInInstances(StandInHost host, params int[] ports)
    {
        _host = host;
        foreach (var port in ports)
        {
            var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            _listeners.Add(listener);
            _ = ListenAsync(listener, port);
        }
    }

    public void Dispose() => _listeners.ForEach(listener => listener.Dispose());

    private async Task ListenAsync(TcpListener listener, int port)
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptTcpClientAsync(), port);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task AnswerAsync(TcpClient client, int port)
    {
        try
        {
            using var _ = client;
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            while (await reader.ReadLineAsync() is { } line)
            {
                var isProbe = line.Contains("/health/", StringComparison.Ordinal);
                while (!string.IsNullOrEmpty(line))
                {
                    line = await reader.ReadLineAsync();
                }

                if (_host.ReleaseAt(port) is not { } release)
                {
                    return;
                }

                var isFailure = !isProbe && release.StartsWith("bad", StringComparison.Ordinal)
                    && _answered.AddOrUpdate(release, 1, (_, count) => count + 1) % 10 == 0;
                var status = isFailure ? "500 Internal Server Error" : "200 OK";
                await stream.WriteAsync(
                    Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {release.Length}\r\n\r\n{release}"));
            }
        }
        catch (IOException)
        {
            // nginx has closed the connection.
        }
    }
}
