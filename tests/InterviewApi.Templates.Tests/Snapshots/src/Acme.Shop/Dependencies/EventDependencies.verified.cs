using Acme.Shop.Events;

namespace Acme.Shop.Dependencies;

/// <summary>Events and their handlers.</summary>
public static class EventDependencies
{
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddSingleton<InProcessEventPublisher>();
        services.AddSingleton<IEventPublisher>(provider => provider.GetRequiredService<InProcessEventPublisher>());
        services.AddHostedService<EventDispatcher>();
        services.AddEventHandler<ProductChanged, ProductChangeLog>();
@@ websockets=true
        services.AddEventHandler<ProductChanged, ProductBroadcaster>();
@@ always
        return services;
    }

    public static IServiceCollection AddEventHandler<TEvent, THandler>(this IServiceCollection services)
        where TEvent : class
        where THandler : class, IHandler<TEvent> =>
        services.AddScoped<THandler>().AddSingleton(new EventSubscription<TEvent>(
            typeof(THandler).Name,
            (scope, occurred, cancellationToken) =>
                scope.GetRequiredService<THandler>().HandleAsync(occurred, cancellationToken)));
}
