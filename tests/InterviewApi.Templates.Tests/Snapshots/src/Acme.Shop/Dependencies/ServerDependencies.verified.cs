using System.Net;
using Acme.Shop.Core;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Acme.Shop.Dependencies;

/// <summary>Time limits of requests and of the shutdown, in seconds.</summary>
public sealed class ServerOptions
{
    /// <value>When a request is canceled and answered with 504, unless its endpoint has no such limit.</value>
    [Range(1, 3600)]
    public int RequestTimeoutSeconds { get; set; } = 30;

    /// <value>How long the instance serves after SIGTERM, not ready, until load balancers remove it; not in Development.</value>
    [Range(0, 300)]
    public int ShutdownDelaySeconds { get; set; } = 5;
}

/// <summary>Limits of the web server, its startup and its graceful shutdown.</summary>
public static class ServerDependencies
{
    /// <summary>Limits request size and duration. At shutdown, requests in flight have 30 seconds.</summary>
    public static void AddServer(this WebApplicationBuilder builder)
    {
        // The default since .NET 10, reading JSON from the pipe, fails if shutdown begins while a body arrives.
        AppContext.SetSwitch("Microsoft.AspNetCore.UseStreamBasedJsonParsing", true);

        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = 1024 * 1024;
            server.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            server.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
        });

        // RunServerAsync reports a failed start in one line, without the stack trace that the host logs.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<ServerOptions>().BindSection("Server");
        services.AddSingleton<IValidateOptions<ServerOptions>, ServerAddressValidator>();
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<ServerOptions>>((timeouts, server) =>
            timeouts.DefaultPolicy = new() { Timeout = TimeSpan.FromSeconds(server.Value.RequestTimeoutSeconds) });
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        services.AddSingleton<TimeProvider, MillisecondTimeProvider>();
        if (!builder.Environment.IsDevelopment())
        {
            services.AddSingleton<DelayedShutdown>();
            services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<DelayedShutdown>());
            services.AddHealthChecks().AddCheck<DelayedShutdown>("shutdown");
        }
    }

    /// <summary>Runs the application until it is stopped. Reports what prevents the start in one line on standard error.</summary>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunServerAsync(this WebApplication app)
    {
        try
        {
            app.BuildEndpoints();
            await app.StartAsync();
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (OptionsValidationException exception)
        {
            OptionsExtensions.Report(exception);
        }
        catch (Exception exception) when (
            exception.StackTrace?.Contains("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) == true)
        {
            // Kestrel throws exceptions of many types for addresses, ports and certificates that it cannot use.
            var addresses = app.Configuration[WebHostDefaults.ServerUrlsKey] ?? "its configured addresses";
            var reason = exception.Message.ReplaceLineEndings(" ");
            await Console.Error.WriteLineAsync($"Startup error: the server cannot listen on {addresses}: {reason}");
        }

        // Stop the background services that have started.
        await app.StopAsync();
        return 1;
    }

    // Each reader of a source (routing, authorization, links) would build its endpoints again, and compile their handlers.
    private static void BuildEndpoints(this IEndpointRouteBuilder app)
    {
        var endpoints = app.DataSources.SelectMany(source => source.Endpoints).ToArray();
        app.DataSources.Clear();
        app.DataSources.Add(new DefaultEndpointDataSource(endpoints));
    }
}

/// <summary>The system clock in whole milliseconds, which every database returns as written.</summary>
public sealed class MillisecondTimeProvider : TimeProvider
{
    public override DateTimeOffset GetUtcNow() =>
        DateTimeOffset.FromUnixTimeMilliseconds(base.GetUtcNow().ToUnixTimeMilliseconds());
}

/// <summary>Rejects addresses that Kestrel would interpret as "port 80 on all addresses of this machine".</summary>
internal sealed class ServerAddressValidator(IConfiguration configuration) : IValidateOptions<ServerOptions>
{
    public ValidateOptionsResult Validate(string? name, ServerOptions options)
    {
        string[] failures =
        [
            .. from url in Values(WebHostDefaults.ServerUrlsKey)
               where !IsAddress(url)
               select $"ASPNETCORE_URLS: '{url}' is not an address to listen on, such as http://127.0.0.1:8080 or http://*:8080.",
            .. from port in Values(WebHostDefaults.HttpPortsKey).Concat(Values(WebHostDefaults.HttpsPortsKey))
               where !ushort.TryParse(port, CultureInfo.InvariantCulture, out _)
               select $"ASPNETCORE_HTTP_PORTS: '{port}' is not a port.",
        ];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.IsUnixPipe || address.IsNamedPipe || address.Host is "*" or "+"
                || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(address.Host, out _);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private string[] Values(string key) => configuration[key]?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
