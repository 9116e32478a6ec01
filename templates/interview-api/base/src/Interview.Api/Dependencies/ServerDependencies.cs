using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using InterviewApi.Core.Configuration;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace InterviewApi.Dependencies;

/// <summary>How long requests and the shutdown may take.</summary>
public sealed class ServerOptions
{
    public const string Section = "Server";

    /// <value>
    /// After this time, in seconds, a request is canceled and answered with 504. The default is 30. Uploads, exports and
    /// WebSockets have no such limit.
    /// </value>
    [Range(1, 3600)]
    public int RequestTimeoutSeconds { get; set; } = 30;

    /// <value>
    /// For how long, in seconds, the instance still serves after SIGTERM while <c>/health/ready</c> answers 503, so that
    /// load balancers take it out first. The default is 5; in Development there is no delay.
    /// </value>
    [Range(0, 300)]
    public int ShutdownDelaySeconds { get; set; } = 5;
}

/// <summary>Limits of the web server, how it starts and how it stops.</summary>
public static partial class ServerDependencies
{
    private const int MaxRequestBodyBytes = 1024 * 1024;

    /// <summary>Bounds what a client may send, and gives requests in flight 30 seconds to finish at shutdown.</summary>
    public static void AddServer(this WebApplicationBuilder builder)
    {
        // The reader that is the default since .NET 10 fails for a body that is still arriving when the shutdown begins.
        AppContext.SetSwitch("Microsoft.AspNetCore.UseStreamBasedJsonParsing", true);

        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = MaxRequestBodyBytes;
            server.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            server.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
        });

        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<ServerOptions>().BindSection(ServerOptions.Section);
        services.AddSingleton<IValidateOptions<ServerOptions>, ServerAddressValidator>();
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<ServerOptions>>((timeouts, server) =>
            timeouts.DefaultPolicy = new() { Timeout = TimeSpan.FromSeconds(server.Value.RequestTimeoutSeconds) });
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        services.AddSingleton(TimeProvider.System);
        if (!builder.Environment.IsDevelopment())
        {
            services.AddSingleton<DelayedShutdown>();
            services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<DelayedShutdown>());
            services.AddHealthChecks().AddCheck<DelayedShutdown>("shutdown");
        }

        // RunServerAsync reports a failed start; the server and the host would add a stack trace each.
        var start = new StartState();
        services.AddSingleton(start);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", start.IsLogged);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", start.IsLogged);
    }

    /// <summary>
    /// Runs the application until it is told to stop. An address or a certificate that cannot be used is one line on
    /// standard error.
    /// </summary>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunServerAsync(this WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception exception) when (IsServerError(exception))
        {
            var addresses = app.Configuration[WebHostDefaults.ServerUrlsKey] ?? "its configured addresses";
            var reason = exception.Message.ReplaceLineEndings(" ");
            await Console.Error.WriteLineAsync($"Startup error: the server cannot listen on {addresses}: {reason}");
            return 1;
        }

        app.Services.GetRequiredService<StartState>().HasStarted = true;
        await app.WaitForShutdownAsync();
        return 0;
    }

    // Kestrel throws exceptions of many types for wrong addresses, ports and certificates.
    private static bool IsServerError(Exception exception) =>
        exception.StackTrace?.Contains("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) == true;

    // The server takes a host or port that it cannot read for "all addresses of this machine, port 80".
    private sealed class ServerAddressValidator(IConfiguration configuration) : IValidateOptions<ServerOptions>
    {
        public ValidateOptionsResult Validate(string? name, ServerOptions options)
        {
            var failures = Values(WebHostDefaults.ServerUrlsKey)
                .Where(url => !IsAddress(url))
                .Select(url => $"ASPNETCORE_URLS: '{url}' is not an address to listen on, such as http://127.0.0.1:8080 or http://*:8080.")
                .Concat(Values(WebHostDefaults.HttpPortsKey).Concat(Values(WebHostDefaults.HttpsPortsKey))
                    .Where(port => !ushort.TryParse(port, CultureInfo.InvariantCulture, out _))
                    .Select(port => $"ASPNETCORE_HTTP_PORTS: '{port}' is not a port."))
                .ToList();
            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }

        private string[] Values(string key) => configuration[key]?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [];

        private static bool IsAddress(string url)
        {
            try
            {
                var address = BindingAddress.Parse(url);
                return address.IsUnixPipe || address.IsNamedPipe || address.Host is "*" or "+"
                    || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                    || IPAddress.TryParse(address.Host, out _);
            }
            catch (Exception exception) when (exception is FormatException or ArgumentException)
            {
                return false;
            }
        }
    }

    private sealed class StartState
    {
        private volatile bool _hasStarted;

        public bool HasStarted
        {
            set => _hasStarted = value;
        }

        public bool IsLogged(LogLevel level) => level == LogLevel.Warning || (level > LogLevel.Warning && _hasStarted);
    }

    /// <summary>At SIGTERM reports that the instance is not ready, and stops it after a delay. A second signal stops it at once.</summary>
    private sealed partial class DelayedShutdown(
        IOptions<ServerOptions> options, IHostApplicationLifetime lifetime, ILogger<DelayedShutdown> logger)
        : IHostLifetime, IHealthCheck, IDisposable
    {
        private readonly List<PosixSignalRegistration> _signals = [];
        private int _signalCount;

        public Task WaitForStartAsync(CancellationToken cancellationToken)
        {
            _signals.AddRange(new[] { PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM }
                .Select(signal => PosixSignalRegistration.Create(signal, OnSignal)));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(_signalCount == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());

        public void Dispose() => _signals.ForEach(signal => signal.Dispose());

        private void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            _ = StopAsync(isFirst: Interlocked.Increment(ref _signalCount) == 1);
        }

        private async Task StopAsync(bool isFirst)
        {
            if (isFirst)
            {
                LogShutdown(options.Value.ShutdownDelaySeconds);
                await Task.Delay(TimeSpan.FromSeconds(options.Value.ShutdownDelaySeconds));
            }

            lifetime.StopApplication();
        }

        [LoggerMessage(LogLevel.Information, "Shutting down in {Seconds} s; until then requests are still served.")]
        private partial void LogShutdown(int seconds);
    }
}
