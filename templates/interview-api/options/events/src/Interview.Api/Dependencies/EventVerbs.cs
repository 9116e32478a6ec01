using System.Data.Common;
using InterviewApi.Core.Events;
using Microsoft.EntityFrameworkCore.Storage;

namespace InterviewApi.Dependencies;

/// <summary>The commands for operators of the API.</summary>
public static class EventVerbs
{
    private const int MaxListed = 100;

    /// <value>The commands and their arguments.</value>
    public static IReadOnlyList<string> Forms
    {
        get
        {
            List<string> forms = ["events list", "events replay [ID]"];
#if (UseAccounts)
            forms.Add("users promote|demote|disable|enable NAME");
#endif
            return forms;
        }
    }

    /// <summary>Runs the command that the arguments name. The reason for a failure is logged.</summary>
    /// <returns>Whether the command succeeded; null if there is none, so that the server starts.</returns>
    public static async Task<bool?> RunVerbAsync(this IHost app, params string[] args)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var verb = args.TakeWhile(part => !part.StartsWith("--", StringComparison.Ordinal)).ToArray();
        try
        {
#if (UseAccounts)
            if (verb is ["users", .. var user])
            {
                await UserVerbs.RunUsersAsync(scope.ServiceProvider.GetRequiredService<Services.UserService>(), user);
                return true;
            }

#endif
            return verb is ["events", .. var command] ? await RunEventsAsync(scope.ServiceProvider, command) : null;
        }
        catch (Exception exception) when (exception is DbException or RetryLimitExceededException or InvalidOperationException)
        {
            scope.ServiceProvider.GetRequiredService<ILogger<IHost>>()
                .LogCritical("The command failed: {Reason}", exception.GetBaseException().Message);
            return false;
        }
    }

    // Lists the dead letters and the pending messages, or makes one dead letter or all of them pending again.
    private static async Task<bool> RunEventsAsync(IServiceProvider services, string[] command)
    {
        var open = services.GetRequiredService<AppDbContext>().Set<OutboxMessage>().Where(message => message.ProcessedAt == null);
        var dead = open.Where(message => message.NextAttemptAt == null);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        switch (command)
        {
            case ["list"]:
                await WriteListAsync("dead", dead);
                await WriteListAsync("pending", open.Where(message => message.NextAttemptAt != null));
                return true;
            case ["replay"]:
                await ReplayAsync(dead, now);
                return true;
            case ["replay", var text]:
                _ = Guid.TryParse(text, out var id);
                return await ReplayAsync(dead.Where(message => message.Id == id), now) == 1;
            default:
                throw new InvalidOperationException($"The forms are: {string.Join(", ", Forms)}.");
        }
    }

    private static async Task<int> ReplayAsync(IQueryable<OutboxMessage> messages, DateTimeOffset now)
    {
        var count = await messages.ExecuteUpdateAsync(
            set => set.SetProperty(message => message.NextAttemptAt, now).SetProperty(message => message.Attempts, 0));
        Console.WriteLine($"Replayed: {count}");
        return count;
    }

    private static async Task WriteListAsync(string state, IQueryable<OutboxMessage> messages)
    {
        foreach (var one in await messages.OrderBy(message => message.Position).Take(MaxListed).ToListAsync())
        {
            Console.WriteLine(
                $"{state} {one.Id} {one.Type} {one.Aggregate} {one.OccurredAt:u} {one.Attempts} attempts {one.LastError}".TrimEnd());
        }
    }
}
