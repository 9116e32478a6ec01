using System.Diagnostics;

namespace InterviewApi.Core.Events;

/// <summary>An event on its way to a handler.</summary>
/// <param name="Id">The same at each delivery, so that a handler can recognize a repetition.</param>
public sealed record EventMessage<TEvent>(Guid Id, DateTimeOffset OccurredAt, TEvent Event)
    where TEvent : IEvent;

/// <summary>
/// Handles one type of event, at least once. Each call has its own scope and a timeout. If it throws, it is called again
/// later; the other handlers of the event are not.
/// </summary>
public interface IHandler<TEvent>
    where TEvent : IEvent
{
    Task HandleAsync(EventMessage<TEvent> message, CancellationToken cancellationToken);
}

/// <summary>A handler that is registered for a type of event.</summary>
public sealed record EventSubscription(
    string Type, string Handler, Func<IServiceProvider, OutboxMessage, CancellationToken, Task> HandleAsync)
{
    public static EventSubscription Of<TEvent, THandler>()
        where TEvent : IEvent
        where THandler : IHandler<TEvent> =>
        new(TEvent.Type, typeof(THandler).Name, (scope, message, cancellationToken) =>
        {
            if (message.SchemaVersion > TEvent.SchemaVersion)
            {
                throw new NotSupportedException($"Schema version {message.SchemaVersion} needs a newer release.");
            }

            var occurred = JsonSerializer.Deserialize<TEvent>(message.Payload, JsonSerializerOptions.Web)!;
            return scope.GetRequiredService<THandler>().HandleAsync(
                new EventMessage<TEvent>(message.Id, message.OccurredAt, occurred), cancellationToken);
        });
}

/// <summary>Runs the handlers of a message concurrently, each isolated from the others.</summary>
public sealed partial class EventRunner(
    IEnumerable<EventSubscription> subscriptions,
    IServiceScopeFactory scopes,
    IOptions<EventOptions> options,
    TimeProvider time,
    ILogger<EventRunner> logger)
{
    private readonly ILookup<string, EventSubscription> _subscriptions = subscriptions.ToLookup(one => one.Type);

    /// <returns>Null if each handler has handled the message, now or before; otherwise what went wrong.</returns>
    public async Task<string?> RunAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        if (!_subscriptions.Contains(message.Type))
        {
            return "No handler is registered for this type.";
        }

        // Spans and log messages of handlers belong to the trace of the request that caused the event.
        using var activity = Telemetry.Spans.StartActivity(message.Type, ActivityKind.Consumer, message.TraceParent)
            ?? new Activity(message.Type).SetParentId(message.TraceParent ?? "").Start();
        var handlers = _subscriptions[message.Type].ToList();
        await using var scope = scopes.CreateAsyncScope();
        var processed = scope.ServiceProvider.GetRequiredService<ProcessedMessages>();
        if (message.Attempts > 1 || message.LastError is not null)
        {
            var done = await processed.ListAsync(message.Id, cancellationToken);
            handlers.RemoveAll(one => done.Contains(one.Handler));
        }

        var errors = await Task.WhenAll(handlers.Select(one => RunAsync(one, message, cancellationToken)));
        var error = errors.FirstOrDefault(one => one is not null);
        if (error is not null && handlers.Count > 1)
        {
            var succeeded = handlers.Where((_, index) => errors[index] is null).Select(one => one.Handler);
            await processed.AddAsync(message.Id, succeeded, cancellationToken);
        }

        return error;
    }

    private async Task<string?> RunAsync(EventSubscription subscription, OutboxMessage message, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.HandlerTimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            // A handler that ignores its token is abandoned, so that it does not delay others.
            await subscription.HandleAsync(scope.ServiceProvider, message, either.Token).WaitAsync(either.Token);
            return null;
        }
        catch (Exception exception)
        {
            LogFailure(exception, subscription.Handler, message.Type, message.Id, message.Attempts);
            return $"{subscription.Handler}: {(timeout.IsCancellationRequested ? "The timeout expired." : exception.Message)}";
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Handler} failed to handle {Event} {MessageId} in attempt {Attempt}.")]
    private partial void LogFailure(Exception exception, string handler, string @event, Guid messageId, int attempt);
}
