using Acme.Shop.Core.Realtime;

namespace Acme.Shop.Dependencies;

/// <summary>Broadcasts that reach the clients of every instance.</summary>
public static class BackplaneDependencies
{
    public static IServiceCollection AddBackplane(this IServiceCollection services)
    {
        services.AddSingleton<RedisBackplane>();
        services.AddSingleton<IMessageBroadcaster>(provider => provider.GetRequiredService<RedisBackplane>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisBackplane>());
        return services;
    }
}
