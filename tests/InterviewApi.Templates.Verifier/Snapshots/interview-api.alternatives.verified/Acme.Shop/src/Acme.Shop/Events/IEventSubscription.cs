namespace Acme.Shop.Events;

/// <summary>A handler that is registered for a kind of event.</summary>
public interface IEventSubscription<in TEvent>
    where TEvent : class
{
    string HandlerName { get; }

    Task DeliverAsync(TEvent occurred, CancellationToken cancellationToken);
}
