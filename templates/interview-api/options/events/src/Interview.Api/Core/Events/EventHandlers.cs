using System.Diagnostics;

namespace InterviewApi.Core.Events;

/// <summary>An event on its way to a handler.</summary>
/// <param name="Id">The same at each delivery, so that a handler can recognize a repetition.</param>
public sealed record EventMessage<TEvent>(Guid Id, DateTimeOffset OccurredAt, TEvent Event)
    where TEvent : IEvent;

/// <summary>Handles one type of event, at least once, in its own scope. If it throws, only this handler is called again.</summary>
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

/// <summary>Makes a handler idempotent: its changes and the record that it ran are one transaction, which takes effect once.</summary>
public sealed class ProcessedMessages(AppDbContext db)
{
    /// <summary>Adds the record to the changes that the handler saves next.</summary>
    /// <returns>False if the handler has already handled the message and must change nothing.</returns>
    public async Task<bool> TryBeginAsync<THandler>(Guid messageId, CancellationToken cancellationToken) =>
        await AddAsync(messageId, [typeof(THandler).Name], cancellationToken) > 0;

    /// <summary>Adds the records of handlers that have none yet, and returns their number.</summary>
    internal async Task<int> AddAsync(Guid messageId, IEnumerable<string> handlers, CancellationToken cancellationToken)
    {
        var missing = handlers.Except(await ListAsync(messageId, cancellationToken)).ToList();
        db.AddRange(missing.Select(handler => new ProcessedMessage(messageId, handler)));
        return missing.Count;
    }

    /// <summary>Lists the handlers that have handled a message.</summary>
    internal Task<List<string>> ListAsync(Guid messageId, CancellationToken cancellationToken) =>
        db.Set<ProcessedMessage>()
            .Where(processed => processed.MessageId == messageId)
            .Select(processed => processed.Handler)
            .ToListAsync(cancellationToken);
}

/// <summary>Runs the handlers of a message concurrently, each isolated from the others.</summary>
public sealed class EventRunner(
    IEnumerable<EventSubscription> subscriptions, IServiceScopeFactory scopes, IOptions<EventOptions> options, TimeProvider time,
    ILogger<EventRunner> logger)
{
    private readonly ILookup<string, EventSubscription> _subscriptions = subscriptions.ToLookup(one => one.Type);

    /// <returns>No error if each handler has handled the message, now or before.</returns>
    public async Task<EventResult> RunAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return new(message, await RunAllAsync(message, cancellationToken));
        }
        catch (Exception exception)
        {
            return new(message, exception.Message);
        }
    }

    private async Task<string?> RunAllAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        if (!_subscriptions.Contains(message.Type))
        {
            return "No handler is registered for this type.";
        }

        // Spans and log messages of handlers belong to the trace of the request that caused the event.
        using var activity = Telemetry.Spans.StartActivity(message.Type, ActivityKind.Consumer, message.TraceParent)
            ?? new Activity(message.Type).SetParentId(message.TraceParent ?? "").Start();
        await using var scope = scopes.CreateAsyncScope();
        var done = message is { Attempts: 1, LastError: null }
            ? []
            : await scope.ServiceProvider.GetRequiredService<ProcessedMessages>().ListAsync(message.Id, cancellationToken);
        var handlers = _subscriptions[message.Type].Where(one => !done.Contains(one.Handler)).ToList();
        var errors = await Task.WhenAll(handlers.Select(one => RunAsync(one, message, cancellationToken)));
        var error = errors.FirstOrDefault(one => one is not null);
        if (error is not null && handlers.Count > 1)
        {
            // Those that succeeded are not repeated because another one failed.
            var succeeded = handlers.Where((_, index) => errors[index] is null).Select(one => one.Handler);
            await scope.ServiceProvider.GetRequiredService<ProcessedMessages>().AddAsync(message.Id, succeeded, cancellationToken);
            await scope.ServiceProvider.GetRequiredService<AppDbContext>().SaveChangesAsync(cancellationToken);
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
            logger.LogWarning(
                exception, "{Handler} failed to handle {Event} {MessageId} in attempt {Attempt}.",
                subscription.Handler, message.Type, message.Id, message.Attempts);
            return $"{subscription.Handler}: {(timeout.IsCancellationRequested ? "The timeout expired." : exception.Message)}";
        }
    }
}
