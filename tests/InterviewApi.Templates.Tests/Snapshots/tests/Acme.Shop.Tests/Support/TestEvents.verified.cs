using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Acme.Shop.Core.Events;
using Acme.Shop.Dependencies;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Support;

/// <summary>An event about something that has a name.</summary>
public sealed record Happened(string Name, int Number) : IEvent
{
    public static string Type => "test.happened";

    [JsonIgnore]
    public string Aggregate => $"test:{Name}";
}

/// <summary>What the two handlers of the tests do, and what they were called with.</summary>
public sealed class Script
{
    public ConcurrentQueue<EventMessage<Happened>> First { get; } = new();

    public ConcurrentQueue<EventMessage<Happened>> Second { get; } = new();

    public Func<EventMessage<Happened>, CancellationToken, Task> OnFirst { get; set; } = (_, _) => Task.CompletedTask;

    public Func<EventMessage<Happened>, CancellationToken, Task> OnSecond { get; set; } = (_, _) => Task.CompletedTask;

    public void Register(IServiceCollection services) => services
        .AddSingleton(this)
        .AddEventHandler<Happened, FirstHandler>()
        .AddEventHandler<Happened, SecondHandler>();

    private sealed class FirstHandler(Script script) : IHandler<Happened>
    {
        public Task HandleAsync(EventMessage<Happened> message, CancellationToken cancellationToken)
        {
            script.First.Enqueue(message);
            return script.OnFirst(message, cancellationToken);
        }
    }

    private sealed class SecondHandler(Script script) : IHandler<Happened>
    {
        public Task HandleAsync(EventMessage<Happened> message, CancellationToken cancellationToken)
        {
            script.Second.Enqueue(message);
            return script.OnSecond(message, cancellationToken);
        }
    }
}
