namespace Acme.Shop.Events;

/// <summary>Tells the rest of the application what has happened: after the commit, never before it.</summary>
public interface IEventPublisher
{
    /// <summary>Accepts an event. Its handlers run later, outside of the request, and cannot make it fail.</summary>
    ValueTask PublishAsync<TEvent>(TEvent occurred, CancellationToken cancellationToken)
        where TEvent : class;
}
