using Acme.Shop.Core.Events;
using Microsoft.EntityFrameworkCore.Diagnostics;

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
