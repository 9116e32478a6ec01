using System.Data.Common;
using InterviewApi.Core.Events;
using Microsoft.EntityFrameworkCore.Storage;

namespace InterviewApi.Dependencies;

/// <summary>The commands for whoever operates the outbox.</summary>
public static partial class EventVerbs
{
    private const int MaxListed = 100;

    /// <summary>
    /// Runs <c>events list</c>, which shows the dead letters and the pending messages, at most 100 of each, or
    /// <c>events replay [ID]</c>, which makes one dead letter or all of them pending again.
    /// </summary>
    /// <returns>Whether it succeeded. The reason for a failure is logged.</returns>
    public static async Task<bool> RunEventsAsync(this IHost app, params string[] verb)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var open = scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<OutboxMessage>()
            .Where(message => message.ProcessedAt == null);
        var dead = open.Where(message => message.NextAttemptAt == null);
        var logger = scope.ServiceProvider.GetRequiredService<ILogger<Outbox>>();
        var now = scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow();
        try
        {
            switch (verb.TakeWhile(part => !part.StartsWith("--", StringComparison.Ordinal)).ToArray())
            {
                case ["list"]:
                    await WriteListAsync("dead", dead);
                    await WriteListAsync("pending", open.Where(message => message.NextAttemptAt != null));
                    return true;
                case ["replay"]:
                    Console.WriteLine($"Replayed: {await ReplayAsync(dead, now)}");
                    return true;
                case ["replay", var text]:
                    var count = Guid.TryParse(text, out var id) ? await ReplayAsync(dead.Where(message => message.Id == id), now) : 0;
                    Console.WriteLine($"Replayed: {count}");
                    return count == 1;
                default:
                    throw new InvalidOperationException("The forms are events list, events replay and events replay ID.");
            }
        }
        catch (Exception exception) when (exception is DbException or RetryLimitExceededException or InvalidOperationException)
        {
            LogReason(logger, exception.GetBaseException().Message);
            return false;
        }
    }

    private static async Task WriteListAsync(string state, IQueryable<OutboxMessage> messages)
    {
        foreach (var one in await messages.OrderBy(message => message.Position).Take(MaxListed).ToListAsync())
        {
            Console.WriteLine(
                $"{state} {one.Id} {one.Type} {one.Aggregate} {one.OccurredAt:u} {one.Attempts} attempts {one.LastError}".TrimEnd());
        }
    }

    private static Task<int> ReplayAsync(IQueryable<OutboxMessage> dead, DateTimeOffset now) =>
        dead.ExecuteUpdateAsync(set => set
            .SetProperty(message => message.NextAttemptAt, now)
            .SetProperty(message => message.Attempts, 0));

    [LoggerMessage(LogLevel.Critical, "The command failed: {Reason}")]
    private static partial void LogReason(ILogger logger, string reason);
}
