using System.Diagnostics;

namespace Acme.Shop.Events;

/// <summary>
/// Handles one kind of event. Each call has its own scope and a timeout of 30 seconds. An exception is logged and
/// affects neither other handlers nor later events.
/// </summary>
public interface IHandler<in TEvent>
    where TEvent : class
{
    Task HandleAsync(TEvent occurred, CancellationToken cancellationToken);
}

/// <summary>A handler that is registered for a kind of event.</summary>
public sealed record EventSubscription<TEvent>(
    string HandlerName, Func<IServiceProvider, TEvent, CancellationToken, Task> HandleAsync);

/// <summary>
/// Dequeues events in order, one at a time, and runs all handlers of an event concurrently. At shutdown it drains the
/// queue for as long as the host allows.
/// </summary>
public sealed partial class EventDispatcher(
    InProcessEventPublisher queue, IServiceProvider services, TimeProvider time, ILogger<EventDispatcher> logger) : BackgroundService
{
    private static readonly TimeSpan HandlerTimeout = TimeSpan.FromSeconds(30);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // The web server has already stopped, so the queue contains all accepted events.
        queue.Complete();
        if (ExecuteTask is { } dispatching)
        {
            await Task.WhenAny(dispatching, Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken));
        }

        if (queue.Count > 0)
        {
            LogAbandoned(queue.Count);
        }

        await base.StopAsync(cancellationToken);
    }

    /// <summary>Runs all handlers of an event, each isolated from the others.</summary>
    public Task DispatchAsync<TEvent>(TEvent occurred, CancellationToken cancellationToken)
        where TEvent : class =>
        Task.WhenAll(services.GetServices<EventSubscription<TEvent>>()
            .Select(subscription => DeliverAsync(subscription, occurred, cancellationToken)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var queued in queue.ReadAllAsync(stoppingToken))
        {
            // Log messages of handlers belong to the trace of the request that caused the event.
            using var activity = new Activity(queued.Name);
            if (queued.TraceParent is { } parent)
            {
                activity.SetParentId(parent);
            }

            activity.Start();
            await queued.DeliverTo(this, stoppingToken);
        }
    }

    private async Task DeliverAsync<TEvent>(
        EventSubscription<TEvent> subscription, TEvent occurred, CancellationToken cancellationToken)
        where TEvent : class
    {
        using var timeout = new CancellationTokenSource(HandlerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await using var scope = services.CreateAsyncScope();
        try
        {
            // A handler that ignores its token is abandoned, so that it does not delay the others.
            await subscription.HandleAsync(scope.ServiceProvider, occurred, either.Token).WaitAsync(either.Token);
        }
        catch (Exception exception)
        {
            LogFailure(exception, subscription.HandlerName, typeof(TEvent).Name);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Handler} failed to handle {Event}.")]
    private partial void LogFailure(Exception exception, string handler, string @event);

    [LoggerMessage(LogLevel.Error, "The process stops before all events are handled: {Count} are lost.")]
    private partial void LogAbandoned(int count);
}
