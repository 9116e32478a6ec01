namespace Acme.Shop.Events;

/// <summary>
/// Reacts to one kind of event. Each call has a scope of its own and 30 seconds; what it throws is logged and stops
/// neither the other handlers nor the events that follow.
/// </summary>
public interface IHandler<in TEvent>
    where TEvent : class
{
    Task HandleAsync(TEvent occurred, CancellationToken cancellationToken);
}
