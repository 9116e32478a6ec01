using System.Globalization;
using System.Net.NetworkInformation;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>One process of a generated API, on a free port, in a folder of its own. No limit of requests is in a test's way.</summary>
internal sealed class ServerInstance : IAsyncDisposable
{
    private const string NoLimit = "1000000000";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ServerProcess _process;

    private ServerInstance(ServerProcess process, string folder, int port)
    {
        (_process, Folder, Port) = (process, folder, port);
        Client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Patience })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            Timeout = Patience,
        };
        Memory = new ProcessMemory(process.Id);
    }

    public HttpClient Client { get; }

    public string Folder { get; }

    public int Port { get; }

    public ProcessMemory Memory { get; }

    /// <summary>Everything that the process has written so far.</summary>
    public string Log => _process.Log;

    /// <summary>The folder of the images, unless the settings say otherwise.</summary>
    public string Uploads => Path.Combine(Folder, "uploads");

    /// <summary>Starts a process, which makes the tables that are missing, and waits until it is ready.</summary>
    public static async Task<ServerInstance> StartAsync(ServerApplication application, params (string Name, string Value)[] settings)
    {
        var folder = new TemporaryFolder($"instance-{Guid.NewGuid():N}").Path;
        var port = FreePort.Next();
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__Database"] = $"Data Source={Path.Combine(folder, "shop.db")}",
            ["ConnectionStrings__Redis"] = await RedisServer.StartAsync(),
            ["Jwt__SigningKey"] = TestToken.SigningKey,
            ["RateLimiting__PermitLimit"] = NoLimit,
            ["RateLimiting__Auth__PermitLimit"] = NoLimit,
            ["RateLimiting__Upload__PermitLimit"] = NoLimit,
            ["RateLimiting__Search__PermitLimit"] = NoLimit,
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        string[] arguments =
        [
            application.Assembly,
            "--contentRoot", Path.GetDirectoryName(application.Assembly)!,
            "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
        ];
        var process = ServerProcess.Start("dotnet", folder, arguments, environment);
        var instance = new ServerInstance(process, folder, port);
        await process.WaitUntilSucceedsAsync(instance.Client, "/health/ready");

        return instance;
    }

    /// <summary>The connections that the process holds.</summary>
    public int CountConnections() => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
        .Count(connection => connection.LocalEndPoint.Port == Port && connection.State is TcpState.Established or TcpState.CloseWait);

    public int CountInLog(string text) => Log.Split(text).Length - 1;

    /// <summary>Asks the process to stop, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> StopAsync()
    {
        _process.Terminate();
        return _process.WaitForExitAsync();
    }

    /// <summary>Kills the process. Requests that are not answered fail.</summary>
    public ValueTask KillAsync() => _process.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
    }
}
