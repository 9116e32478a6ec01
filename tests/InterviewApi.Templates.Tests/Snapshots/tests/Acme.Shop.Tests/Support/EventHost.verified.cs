using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Acme.Shop.Core.Data;
using Acme.Shop.Core.Events;
using Acme.Shop.Dependencies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Acme.Shop.Tests.Support;

/// <summary>The outbox and its dispatcher with the handlers of a test, without the web server.</summary>
public sealed class EventHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string?> _settings = [];
    private readonly TestDatabase _database;
    private readonly bool _ownsDatabase;
    private IHost? _host;

    /// <param name="database">A database that several hosts share; otherwise the host has its own.</param>
    public EventHost(TestDatabase? database = null)
    {
        (_database, _ownsDatabase) = (database ?? new TestDatabase(), database is null);
        With("ConnectionStrings:Database", _database.ConnectionString);

        // Claims last for as long as handlers may take, and the clock of the tests runs fast.
        With("Events:HandlerTimeoutSeconds", "600");
@@ cache=redis
        With("ConnectionStrings:Redis", TestRedis.NewConnectionString());
@@ always
    }

    public LogRecorder Log { get; } = new();

    public AdjustableTimeProvider Time { get; init; } = new();

    public IHost Host => _host ?? throw new InvalidOperationException("The host has not started.");

    /// <summary>Sets a configuration value, by its name with colons, before the start.</summary>
    public EventHost With(string setting, string? value)
    {
        _settings[setting] = value;
        return this;
    }

    /// <summary>Creates the tables and starts the dispatcher.</summary>
    public async Task<EventHost> StartAsync(Action<IServiceCollection> register)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        foreach (var (name, value) in _settings)
        {
            builder.Configuration[name] = value;
        }

        builder.Logging.AddProvider(Log).SetMinimumLevel(LogLevel.Information);
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddDatabase();
@@ cache=redis
        builder.Services.AddRedis();
@@ always
        builder.Services.AddEvents();
        register(builder.Services);
        _host = builder.Build();
        await WithDatabaseAsync(async db =>
        {
            await DatabaseStartup.CreateTablesAsync(db);
            return 0;
        });
        await _host.StartAsync();
        return this;
    }

    /// <summary>Commits events, each in a transaction of its own.</summary>
    public async Task EnqueueAsync<TEvent>(params TEvent[] events)
        where TEvent : IEvent
    {
        foreach (var occurred in events)
        {
            await using var scope = Host.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Outbox>()
                .EnqueueAfterAsync(() => Task.CompletedTask, () => occurred, CancellationToken.None);
        }
    }

    /// <summary>Commits an event that an instance has claimed, and does not handle because it crashes.</summary>
    public Task<OutboxMessage> AddClaimedAsync(Happened occurred) => WithDatabaseAsync(async db =>
    {
        var now = Time.GetUtcNow();
        var message = new OutboxMessage
        {
            Id = Guid.CreateVersion7(now),
            Type = Happened.Type,
            SchemaVersion = 1,
            Aggregate = occurred.Aggregate,
            OccurredAt = now,
            Payload = JsonSerializer.Serialize(occurred, JsonSerializerOptions.Web),
            Attempts = 1,
            NextAttemptAt = now.AddMinutes(10),
        };
        db.Add(message);
        await db.SaveChangesAsync();
        return message;
    });

    public async Task<T> WithDatabaseAsync<T>(Func<AppDbContext, Task<T>> read)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<AppDbContext>());
    }

    public Task<List<OutboxMessage>> ReadMessagesAsync() => WithDatabaseAsync(db =>
        db.Set<OutboxMessage>().AsNoTracking().OrderBy(message => message.Position).ToListAsync());

    /// <summary>Waits until all messages are handled or dead letters.</summary>
    public Task SettledAsync() => HoldsAsync(async () => (await ReadMessagesAsync()).TrueForAll(message => message.NextAttemptAt is null));

    /// <summary>Waits for a condition, while the clock runs a hundred times as fast as usual.</summary>
    public async Task HoldsAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            Time.Advance(TimeSpan.FromSeconds(2));
            Host.Services.GetRequiredService<EventSignal>().Set();
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }

    public Task HoldsAsync(Func<bool> condition) => HoldsAsync(() => Task.FromResult(condition()));

    /// <summary>Runs a command of the operator, and returns whether it succeeded and what it wrote.</summary>
    public async Task<(bool Succeeded, string Output)> RunVerbAsync(params string[] verb)
    {
        var output = Console.Out;
        var text = new StringWriter();
        Console.SetOut(text);
        try
        {
            return (await Host.RunVerbAsync(["events", .. verb]) == true, text.ToString());
        }
        finally
        {
            Console.SetOut(output);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
        }

        if (_ownsDatabase)
        {
            await _database.DisposeAsync();
        }
    }
}

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
