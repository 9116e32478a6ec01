using System.Collections.Concurrent;
using Acme.Shop.Dependencies;
using Acme.Shop.Events;
using Acme.Shop.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Acme.Shop.Tests.Unit;

public sealed class EventTests : IAsyncDisposable
{
    private readonly LogRecorder _log = new();
    private readonly ServiceProvider _services;

    public EventTests() => _services = new ServiceCollection()
        .AddLogging(logging => logging.AddProvider(_log))
        .AddSingleton(TimeProvider.System)
        .AddSingleton<ConcurrentQueue<int>>()
        .AddSingleton<SemaphoreSlim>(_ => new(0))
        .AddEvents()
        .AddEventHandler<Numbered, FailingHandler>()
        .AddEventHandler<Numbered, RecordingHandler>()
        .BuildServiceProvider(validateScopes: true);

    private IEventPublisher Publisher => _services.GetRequiredService<IEventPublisher>();

    private EventDispatcher Dispatcher => _services.GetServices<IHostedService>().OfType<EventDispatcher>().Single();

    private ConcurrentQueue<int> Handled => _services.GetRequiredService<ConcurrentQueue<int>>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task A_failing_handler_is_logged_and_stops_nothing()
    {
        Release(3);
        await Dispatcher.StartAsync(CancellationToken.None);
        await PublishAsync(1, 2, 3);
        await Dispatcher.StopAsync(CancellationToken.None);

        Assert.Equal([1, 2, 3], Handled);
        Assert.Equal(3, _log.Lines.Count(line => line.Message.Contains("FailingHandler failed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_was_accepted_is_handled_before_the_process_stops()
    {
        await Dispatcher.StartAsync(CancellationToken.None);
        await PublishAsync(1, 2, 3);

        var stopping = Dispatcher.StopAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        Release(3);
        await stopping;

        Assert.Equal([1, 2, 3], Handled);
    }

    [Fact]
    public async Task At_the_end_of_the_time_to_stop_the_rest_is_lost_and_logged()
    {
        await Dispatcher.StartAsync(CancellationToken.None);
        await PublishAsync(1, 2, 3);

        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Dispatcher.StopAsync(deadline.Token);

        Assert.Contains(_log.Lines, line => line.Message.Contains("2 are lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_full_queue_loses_further_events_at_once_and_logs_them()
    {
        await PublishAsync([.. Enumerable.Range(1, InProcessEventPublisher.Capacity + 2)]);

        Release(InProcessEventPublisher.Capacity);
        await Dispatcher.StartAsync(CancellationToken.None);
        await Dispatcher.StopAsync(CancellationToken.None);

        Assert.Equal(Enumerable.Range(1, InProcessEventPublisher.Capacity), Handled);
        Assert.Equal(2, _log.Lines.Count(line => line.Message.Contains("Numbered is lost", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_handler_that_never_ends_is_left_behind()
    {
        using var stopping = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await using var services = new ServiceCollection()
            .AddSingleton(new EventSubscription<Numbered>("Stuck", (_, _, _) => new TaskCompletionSource().Task))
            .BuildServiceProvider();
        using var dispatcher = new EventDispatcher(
            _services.GetRequiredService<InProcessEventPublisher>(),
            services,
            TimeProvider.System,
            _services.GetRequiredService<ILogger<EventDispatcher>>());

        await dispatcher.DispatchAsync(new Numbered(1), stopping.Token).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Contains(_log.Lines, line => line.Message.Contains("Stuck failed", StringComparison.Ordinal));
    }

    private void Release(int count) => _services.GetRequiredService<SemaphoreSlim>().Release(count);

    private async Task PublishAsync(params int[] numbers)
    {
        foreach (var number in numbers)
        {
            await Publisher.PublishAsync(new Numbered(number), CancellationToken.None);
        }
    }

    private sealed record Numbered(int Number);

    private sealed class FailingHandler : IHandler<Numbered>
    {
        public Task HandleAsync(Numbered occurred, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("This handler always fails.");
    }

    /// <summary>Waits until the test lets it go on.</summary>
    private sealed class RecordingHandler(ConcurrentQueue<int> handled, SemaphoreSlim gate) : IHandler<Numbered>
    {
        public async Task HandleAsync(Numbered occurred, CancellationToken cancellationToken)
        {
            await gate.WaitAsync(cancellationToken);
            handled.Enqueue(occurred.Number);
        }
    }
}
