using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace InterviewApi.Core.Events;

/// <summary>
/// Receives messages, runs their handlers concurrently and stores the results. While the database is unavailable, it
/// waits. At shutdown, handlers have ten seconds to end; the claims of the others are given up.
/// </summary>
public sealed partial class EventDispatcher(
    IEventSource source,
    OutboxStore outbox,
    EventRunner runner,
    EventSignal signal,
    IOptions<EventOptions> options,
    TimeProvider time,
    ILogger<EventDispatcher> logger) : BackgroundService
{
    private const int MaxConcurrency = 32;

    // At startup the tables may not exist yet.
    private const int FailuresUntilReport = 10;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaintenanceInterval = TimeSpan.FromSeconds(15);

    // An event after a pause is handled immediately. Under load, those of this interval share one query.
    private static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(10);

    private static readonly Gauge<int> Pending = Telemetry.Meter.CreateGauge<int>("events.pending", "{event}");
    private static readonly Gauge<int> DeadLetters = Telemetry.Meter.CreateGauge<int>("events.dead_letters", "{event}");

    private readonly ConcurrentQueue<EventResult> _results = new();
    private int _running;
    private long? _maintainedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A parent that is not sampled: the queries of the dispatcher are no traces.
        using var activity = new Activity(nameof(EventDispatcher)).Start();
        using var abort = new CancellationTokenSource();
        var pollInterval = TimeSpan.FromSeconds(options.Value.PollSeconds);
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await DispatchAsync(abort.Token))
                {
                    await MaintainAsync(abort.Token);
                    await Task.Delay(BatchInterval, stoppingToken);
                    await signal.WaitAsync(pollInterval, stoppingToken);
                }

                failures = 0;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (++failures == FailuresUntilReport)
                {
                    LogUnavailable(exception.GetBaseException().Message);
                }

                await Task.WhenAny(Task.Delay(RetryInterval, stoppingToken));
            }
            catch (OperationCanceledException)
            {
                // The host is stopping.
            }
        }

        abort.CancelAfter(ShutdownTime);
        while (Volatile.Read(ref _running) > 0)
        {
            await signal.WaitAsync(pollInterval, CancellationToken.None);
        }

        if (!_results.IsEmpty)
        {
            var unfinished = _results.Where(result => result.Error is not null).Select(result => result.Message);
            await source.SettleAsync([.. _results.Where(result => result.Error is null)], CancellationToken.None);
            await source.ReturnAsync([.. unfinished], TimeSpan.Zero, CancellationToken.None);
        }
    }

    /// <returns>Whether there may be more to do at once.</returns>
    private async Task<bool> DispatchAsync(CancellationToken abort)
    {
        await SettleAsync(abort);
        var free = MaxConcurrency - Volatile.Read(ref _running);
        var messages = free > 0 ? await source.ReceiveAsync(free, abort) : [];
        foreach (var message in messages)
        {
            Interlocked.Increment(ref _running);
            _ = HandleAsync(message, abort);
        }

        return free > 0 && messages.Count == free;
    }

    private async Task HandleAsync(OutboxMessage message, CancellationToken abort)
    {
        await Task.Yield();
        string? error;
        try
        {
            error = await runner.RunAsync(message, abort);
        }
        catch (Exception exception)
        {
            error = exception.Message;
        }

        _results.Enqueue(new EventResult(message, error));
        Interlocked.Decrement(ref _running);
        signal.Set();
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var results = _results.ToArray();
        if (results.Length > 0)
        {
            await source.SettleAsync(results, cancellationToken);
            for (var i = 0; i < results.Length; i++)
            {
                _results.TryDequeue(out _);
            }
        }
    }

    private async Task MaintainAsync(CancellationToken cancellationToken)
    {
        if (_maintainedAt is null || time.GetElapsedTime(_maintainedAt.Value) >= MaintenanceInterval)
        {
            _maintainedAt = time.GetTimestamp();
            await outbox.DeleteOldAsync(cancellationToken);
            var (pending, dead) = await outbox.CountAsync(cancellationToken);
            Pending.Record(pending);
            DeadLetters.Record(dead);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Events wait, because they cannot be read or updated: {Reason}")]
    private partial void LogUnavailable(string reason);
}
