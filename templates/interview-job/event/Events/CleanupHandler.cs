using InterviewApi.Core.Events;

namespace InterviewApi.Events;

#if (HasNoEvents)
#error This project has no events: generate it with --sample full or --auth jwt, or use --kind recurring.
#endif
/// <summary>Does the cleanup after each event, at least once: <see cref="ProcessedMessages"/> recognizes a repetition.</summary>
public sealed partial class CleanupHandler(ILogger<CleanupHandler> logger) : IHandler<ProductChanged>
{
    public Task HandleAsync(EventMessage<ProductChanged> message, CancellationToken cancellationToken)
    {
        LogHandled(message.Id);
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Information, "The cleanup has handled the event {MessageId}.")]
    private partial void LogHandled(Guid messageId);
}
