using System.Text.Json;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>The Aspire dashboard without Aspire, from its NuGet package of one program: a receiver that others wrote.</summary>
internal sealed class AspireDashboard : IAsyncDisposable
{
    private const string Package = "Aspire.Dashboard.Sdk.linux-x64";
    private const string Version = "13.6.5";

    private readonly ServerProcess _process;
    private readonly HttpClient _client;

    private AspireDashboard(ServerProcess process, Uri address, string endpoint)
    {
        (_process, Endpoint) = (process, endpoint);
        _client = new HttpClient { BaseAddress = address };
    }

    /// <summary>Where it receives OTLP over gRPC.</summary>
    public string Endpoint { get; }

    /// <summary>Starts it. If its package cannot be restored, the test is skipped with the reason; never under CI.</summary>
    public static async Task<AspireDashboard> StartAsync()
    {
        var folder = new TemporaryFolder("dashboard").Path;
        await File.WriteAllTextAsync(Path.Combine(folder, "Dashboard.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageDownload Include="{Package}" Version="[{Version}]" /></ItemGroup>
            </Project>
            """);
        var restore = await Cli.DotnetAsync(folder, TimeSpan.FromMinutes(5), ["restore", "--disable-build-servers"]);
        Assert.SkipWhen(restore.ExitCode != 0 && !Suite.IsContinuousIntegration, $"{Package} cannot be restored.");
        restore.EnsureSucceeded();
        var tools = Path.Combine(PackagesFolder(), Package.ToLowerInvariant(), Version, "tools");
        var (address, grpc) = (new Uri($"http://127.0.0.1:{FreePort.Next()}"), $"http://127.0.0.1:{FreePort.Next()}");
        var process = ServerProcess.Start(Path.Combine(tools, "Aspire.Dashboard"), tools, [], new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = address.ToString(),
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = grpc,
            ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = $"http://127.0.0.1:{FreePort.Next()}",
            ["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = "true",
        });
        var dashboard = new AspireDashboard(process, address, grpc);
        await process.WaitUntilSucceedsAsync(dashboard._client, "/api/telemetry/resources");
        return dashboard;
    }

    /// <summary>Whether a service has sent all three: traces, metrics and logs.</summary>
    public async Task<bool> HasAllOfAsync(string service)
    {
        var resources = JsonDocument.Parse(await _client.GetStringAsync("/api/telemetry/resources")).RootElement;
        return resources.EnumerateArray().Any(resource =>
            resource.GetProperty("name").GetString() == service
            && resource.GetProperty("hasTraces").GetBoolean()
            && resource.GetProperty("hasMetrics").GetBoolean()
            && resource.GetProperty("hasLogs").GetBoolean());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }

    private static string PackagesFolder() => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
