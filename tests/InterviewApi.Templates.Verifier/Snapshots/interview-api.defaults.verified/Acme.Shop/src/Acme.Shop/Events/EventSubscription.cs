namespace Acme.Shop.Events;

/// <summary>Gives each call of a handler a scope of its own, so that handlers share no state of the database session.</summary>
public sealed class EventSubscription<TEvent, THandler>(IServiceScopeFactory scopes) : IEventSubscription<TEvent>
    where TEvent : class
    where THandler : class, IHandler<TEvent>
{
    public string HandlerName => typeof(THandler).Name;

    public async Task DeliverAsync(TEvent occurred, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(occurred, cancellationToken);
    }
}
