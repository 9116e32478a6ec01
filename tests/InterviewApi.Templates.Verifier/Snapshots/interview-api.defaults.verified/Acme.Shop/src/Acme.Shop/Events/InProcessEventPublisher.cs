using System.Diagnostics;
using System.Threading.Channels;

namespace Acme.Shop.Events;

/// <summary>Publishes events. Call it after the commit, never before.</summary>
public interface IEventPublisher
{
    /// <summary>Accepts an event. Its handlers run later, outside of the request, and cannot make it fail.</summary>
    ValueTask PublishAsync<TEvent>(TEvent occurred, CancellationToken cancellationToken)
        where TEvent : class;
}

/// <summary>An event in the queue.</summary>
/// <param name="Name">The type of the event.</param>
/// <param name="TraceParent">The W3C trace context of the request that caused it.</param>
/// <param name="DeliverTo">Passes the event to a dispatcher.</param>
public sealed record QueuedEvent(string Name, string? TraceParent, Func<EventDispatcher, CancellationToken, Task> DeliverTo);

/// <summary>
/// Holds events in the memory of this process until the dispatcher takes them. A full queue drops further events and
/// logs each as an error: a request neither waits for handlers nor fails because of them. A crash loses queued events.
/// </summary>
public sealed partial class InProcessEventPublisher(ILogger<InProcessEventPublisher> logger) : IEventPublisher
{
    public const int Capacity = 1024;

    private readonly Channel<QueuedEvent> _events = Channel.CreateBounded<QueuedEvent>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <value>The number of queued events.</value>
    public int Count => _events.Reader.Count;

    public ValueTask PublishAsync<TEvent>(TEvent occurred, CancellationToken cancellationToken)
        where TEvent : class
    {
        var queued = new QueuedEvent(
            typeof(TEvent).Name,
            Activity.Current?.Id,
            (dispatcher, cancellation) => dispatcher.DispatchAsync(occurred, cancellation));
        if (!_events.Writer.TryWrite(queued))
        {
            LogLost(queued.Name);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Reads events as they arrive, until the queue is completed and empty.</summary>
    public IAsyncEnumerable<QueuedEvent> ReadAllAsync(CancellationToken cancellationToken) =>
        _events.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Stops accepting events.</summary>
    public void Complete() => _events.Writer.TryComplete();

    [LoggerMessage(LogLevel.Error, "The event queue is full or closed: {Event} is lost.")]
    private partial void LogLost(string @event);
}
