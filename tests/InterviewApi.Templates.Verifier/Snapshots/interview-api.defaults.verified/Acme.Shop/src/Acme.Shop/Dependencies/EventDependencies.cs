using Acme.Shop.Events;

namespace Acme.Shop.Dependencies;

/// <summary>Events and their handlers.</summary>
public static class EventDependencies
{
    /// <summary>
    /// Events stay in this process. A durable queue takes the place of the first registration: an
    /// <see cref="IEventPublisher"/> that writes to it.
    /// </summary>
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddSingleton<IEventPublisher>(provider => provider.GetRequiredService<InProcessEventPublisher>());
        services.AddSingleton<InProcessEventPublisher>();
        services.AddHostedService<EventDispatcher>();
        return services;
    }

    public static IServiceCollection AddEventHandler<TEvent, THandler>(this IServiceCollection services)
        where TEvent : class
        where THandler : class, IHandler<TEvent>
    {
        services.AddScoped<THandler>();
        services.AddSingleton<IEventSubscription<TEvent>, EventSubscription<TEvent, THandler>>();
        return services;
    }
}
