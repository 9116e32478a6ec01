using System.Diagnostics;
using System.Threading.Channels;

namespace Acme.Shop.Events;

/// <summary>
/// Keeps events in the memory of this process until the dispatcher takes them. A full queue refuses further events and
/// logs each as an error: a request neither waits for handlers nor fails because of them. A crash loses what is queued.
/// </summary>
public sealed partial class InProcessEventPublisher(ILogger<InProcessEventPublisher> logger) : IEventPublisher
{
    public const int Capacity = 1024;

    private readonly Channel<QueuedEvent> _events = Channel.CreateBounded<QueuedEvent>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <value>How many events wait.</value>
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

    /// <summary>Reads events as they come, until the queue is complete and empty.</summary>
    public IAsyncEnumerable<QueuedEvent> ReadAllAsync(CancellationToken cancellationToken) =>
        _events.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Lets no further event in.</summary>
    public void Complete() => _events.Writer.TryComplete();

    [LoggerMessage(LogLevel.Error, "The event queue is full or closed: {Event} is lost.")]
    private partial void LogLost(string @event);
}
