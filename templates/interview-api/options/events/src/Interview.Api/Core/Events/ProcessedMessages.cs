namespace InterviewApi.Core.Events;

/// <summary>
/// Makes a handler idempotent: its changes and the record that it has handled the message are one transaction, so they
/// take effect exactly once, although the message is delivered at least once. A handler with a record is not repeated.
/// </summary>
public sealed class ProcessedMessages(AppDbContext db)
{
    /// <summary>Adds the record to the changes that the handler saves next.</summary>
    /// <returns>False if the handler has already handled the message and must change nothing.</returns>
    public async Task<bool> TryBeginAsync<THandler>(Guid messageId, CancellationToken cancellationToken)
    {
        if ((await ListAsync(messageId, cancellationToken)).Contains(typeof(THandler).Name))
        {
            return false;
        }

        db.Add(new ProcessedMessage(messageId, typeof(THandler).Name));
        return true;
    }

    /// <summary>Lists the handlers that have handled a message.</summary>
    public Task<List<string>> ListAsync(Guid messageId, CancellationToken cancellationToken) =>
        db.Set<ProcessedMessage>()
            .Where(processed => processed.MessageId == messageId)
            .Select(processed => processed.Handler)
            .ToListAsync(cancellationToken);

    /// <summary>Records handlers that succeeded, so that they are not repeated because another one failed.</summary>
    public async Task AddAsync(Guid messageId, IEnumerable<string> handlers, CancellationToken cancellationToken)
    {
        var recorded = await ListAsync(messageId, cancellationToken);
        db.AddRange(handlers.Except(recorded).Select(handler => new ProcessedMessage(messageId, handler)));
        await db.SaveChangesAsync(cancellationToken);
    }
}
