using InterviewApi.Api;
using InterviewApi.Core.Configuration;
using InterviewApi.Core.Realtime;
using Microsoft.Extensions.Options;

namespace InterviewApi.Dependencies;

/// <summary>Channels over WebSockets.</summary>
public static class RealtimeDependencies
{
    public static IServiceCollection AddRealtime(this IServiceCollection services)
    {
        services.AddCheckedOptions<RealtimeOptions>(RealtimeOptions.Section);
        services.AddOptions<WebSocketOptions>().Configure<IOptions<RealtimeOptions>>((sockets, options) =>
        {
            // A peer that does not answer a ping in time is gone, whatever the network believes.
            sockets.KeepAliveInterval = TimeSpan.FromSeconds(options.Value.KeepAliveSeconds);
            sockets.KeepAliveTimeout = TimeSpan.FromSeconds(options.Value.KeepAliveSeconds);
        });
        services.AddSingleton<ConnectionHub>();
        services.AddSingleton<MessageHandler>();
        services.AddHostedService<IdleConnectionCloser>();
        services.AddSingleton<IMessageBroadcaster>(provider => provider.GetRequiredService<ConnectionHub>());
#if (UseRedis)
        services.AddBackplane();
#endif
        return services;
    }

    /// <summary>Serves <c>/ws</c>. At shutdown all connections are closed before the web server cuts them off.</summary>
    public static void MapRealtime(this WebApplication app)
    {
        app.UseWebSockets();
        var realtime = app.MapGroup("");
        realtime.DisableRequestTimeout();
#if (UseAuth)
        realtime.RequireToken();
#endif
        realtime.MapRealtimeEndpoint();
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<ConnectionHub>().ShutDown);
    }
}
