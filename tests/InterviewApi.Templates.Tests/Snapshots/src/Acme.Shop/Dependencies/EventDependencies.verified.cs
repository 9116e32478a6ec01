using System.Data.Common;
using Acme.Shop.Core.Events;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace Acme.Shop.Dependencies;

/// <summary>How events are delivered.</summary>
public sealed class EventOptions
{
    /// <value>How often, in seconds, an instance looks for events that it did not write itself. The default is 1.</value>
    [Range(1, 3600)]
    public int PollSeconds { get; set; } = 1;

    /// <value>The time, in seconds, after which a handler is canceled. The default is 30.</value>
    [Range(1, 3600)]
    public int HandlerTimeoutSeconds { get; set; } = 30;

    /// <value>How often a message is tried before it becomes a dead letter. The default is 10.</value>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 10;

    /// <value>How long, in hours, a handled message is kept. The default is 24.</value>
    [Range(1, 8760)]
    public int RetentionHours { get; set; } = 24;
}

/// <summary>The outbox and its handlers.</summary>
public static class EventDependencies
{
    public static void AddEvents(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<EventOptions>().BindSection("Events");
        services.AddSingleton<EventSignal>();
        services.ConfigureDbContext<AppDbContext>((provider, options) => options
            .AddInterceptors(provider.GetRequiredService<EventSignal>())

            // The dispatcher reports an unavailable database once, instead of at each attempt.
            .ConfigureWarnings(warnings => warnings.Log((CoreEventId.QueryIterationFailed, LogLevel.Debug))));
        services.AddScoped<Outbox>();
        services.AddScoped<ProcessedMessages>();
        services.AddSingleton<OutboxStore>();
@@ cache=redis
        services.AddSingleton<OutboxStore, RedisOutboxStore>();
@@ always
        services.AddSingleton<EventRunner>();
        services.AddHostedService<EventDispatcher>();
    }

    /// <summary>Registers a handler of one type of event.</summary>
    public static IServiceCollection AddEventHandler<TEvent, THandler>(this IServiceCollection services)
        where TEvent : IEvent
        where THandler : class, IHandler<TEvent> =>
        services.AddScoped<THandler>().AddSingleton(EventSubscription.Of<TEvent, THandler>());
}

/// <summary>The commands for whoever operates the API.</summary>
public static class EventVerbs
{
    private const int MaxListed = 100;

    /// <summary>Runs the command that the arguments name. The reason for a failure is logged.</summary>
    /// <returns>Whether it succeeded; null if they name none, so that the server starts.</returns>
    public static async Task<bool?> RunVerbAsync(this IHost app, params string[] args)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var verb = args.TakeWhile(part => !part.StartsWith("--", StringComparison.Ordinal)).ToArray();
        try
        {
@@ auth=jwt
            if (verb is ["users", .. var user])
            {
                await UserVerbs.RunUsersAsync(scope.ServiceProvider.GetRequiredService<Services.UserService>(), user);
                return true;
            }

@@ always
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
                throw new InvalidOperationException("The forms are events list, events replay and events replay ID.");
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
