namespace Acme.Shop.Dependencies;

/// <summary>Limits of the web server, and how it stops.</summary>
public static class ServerDependencies
{
    private const int MaxRequestBodyBytes = 1024 * 1024;

    /// <summary>Bounds what a client may send, and gives requests that were accepted 30 seconds to finish at shutdown.</summary>
    public static void AddServer(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = MaxRequestBodyBytes;
            server.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            server.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
        });

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.AddSingleton(TimeProvider.System);
    }
}
