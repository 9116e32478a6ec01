using System.Net;
using System.Net.Sockets;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A TCP port on the loopback interface that nobody listens on, and that no one else in this run was given.</summary>
internal static class FreePort
{
    // Below the ports that systems give to outgoing connections, which could take one before its server listens.
    private const int First = 10_000;
    private const int Count = 22_000;

    private static int _last = Random.Shared.Next(Count);

    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }
}
