namespace Acme.Shop.Events;

/// <summary>An event on its way to its handlers.</summary>
/// <param name="Name">The type of the event.</param>
/// <param name="TraceParent">The W3C trace context of the request that caused it.</param>
/// <param name="DeliverTo">Hands the event to a dispatcher.</param>
public sealed record QueuedEvent(
    string Name, string? TraceParent, Func<EventDispatcher, CancellationToken, Task> DeliverTo);
