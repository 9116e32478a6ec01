using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A running nginx, and clients for it that trust its certificate and no other.</summary>
internal sealed class NginxServer : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private NginxServer(NginxSite site, ServerProcess process) => (Site, _process) = (site, process);

    public NginxSite Site { get; }

    public Uri Address => new($"https://localhost:{Site.HttpsPort}");

    public Uri PlainAddress => new($"http://localhost:{Site.HttpPort}");

    public static async Task<NginxServer> StartAsync(NginxSite site)
    {
        var process = site.Start();
        await process.WaitUntilAsync(() => ServerProcess.AcceptsAsync(site.HttpsPort));

        return new NginxServer(site, process);
    }

    /// <summary>Has the configuration read again, and waits until new workers have it.</summary>
    public async Task ReloadAsync()
    {
        var before = Workers();
        (await Site.RunAsync("-s", "reload")).EnsureSucceeded();
        await _process.WaitUntilAsync(() => Task.FromResult(Workers().Except(before).Any()));
    }

    /// <summary>A client on this machine; each number is another address, for which limits are counted apart.</summary>
    public HttpClient NewClient(byte number = 1)
    {
        var handler = NewHandler();
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, number]), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        };

        return new HttpClient(handler) { BaseAddress = Address };
    }

    /// <summary>A handler that shows answers as they are, and trusts this server.</summary>
    public SocketsHttpHandler NewHandler()
    {
        var trusted = Site.Certificate.GetCertHashString();
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == trusted,
            },
        };
    }

    /// <summary>
    /// How much of the bodies of requests is put aside in files. These have no name any more: only the workers reach them.
    /// </summary>
    public long SpooledBytes() => Workers()
        .SelectMany(worker => Directory.GetFiles($"/proc/{worker}/fd"))
        .Where(file => new FileInfo(file).LinkTarget?.StartsWith($"{Site.Folder}/client_body/", StringComparison.Ordinal) == true)
        .Sum(file =>
        {
            using var opened = File.OpenHandle(file);
            return RandomAccess.GetLength(opened);
        });

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private string[] Workers() => File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
