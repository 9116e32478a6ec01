using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace InterviewApi.Core.Events;

/// <summary>Receives messages, runs their handlers concurrently and stores the results. It waits for the database.</summary>
public sealed class EventDispatcher(
    OutboxStore outbox, EventRunner runner, EventSignal signal, IOptions<EventOptions> options, TimeProvider time,
    ILogger<EventDispatcher> logger) : BackgroundService
{
    private const int MaxConcurrency = 32;

    // At startup the tables may not exist yet.
    private const int FailuresUntilReport = 10;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaintenanceInterval = TimeSpan.FromMinutes(1);

    // An event after a pause is handled immediately. Under load, the events of this interval share one query.
    private static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(20);

    private readonly HashSet<Task<EventResult>> _running = [];
    private long? _maintainedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A parent that is not sampled, so that the queries of the dispatcher create no traces.
        using var activity = new Activity(nameof(EventDispatcher)).Start();
        using var abort = new CancellationTokenSource();
        var failures = 0;

        // The first query prepares the model, which would delay the start of the server by a quarter of a second.
        await signal.WaitAsync(RetryInterval, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await DispatchAsync(abort.Token))
                {
                    await Task.WhenAny(Task.WhenAll(_running), Task.Delay(BatchInterval, stoppingToken));
                }
                else
                {
                    await MaintainAsync(abort.Token);
                    await Task.Delay(BatchInterval, stoppingToken);
                    await signal.WaitAsync(TimeSpan.FromSeconds(options.Value.PollSeconds), stoppingToken);
                }

                failures = 0;
            }
            catch (Exception exception)
            {
                if (!stoppingToken.IsCancellationRequested && ++failures == FailuresUntilReport)
                {
                    logger.LogWarning(
                        "Events wait, because they cannot be read or updated: {Reason}", exception.GetBaseException().Message);
                }

                await Task.WhenAny(Task.Delay(RetryInterval, stoppingToken));
            }
        }

        // Once handlers are aborted, an error no longer tells whether one of them failed.
        abort.CancelAfter(ShutdownTime);
        var results = (await Task.WhenAll(_running)).ToLookup(result => result.Error is null || !abort.IsCancellationRequested);
        if (_running.Count > 0)
        {
            await outbox.SettleAsync([.. results[true]], CancellationToken.None);
            await outbox.ReturnAsync([.. results[false].Select(result => result.Message)], TimeSpan.Zero, CancellationToken.None);
        }
    }

    /// <returns>Whether more messages may be due.</returns>
    private async Task<bool> DispatchAsync(CancellationToken abort)
    {
        if (_running.Where(handling => handling.IsCompleted).ToArray() is { Length: > 0 } ended)
        {
            await outbox.SettleAsync(await Task.WhenAll(ended), abort);
            _running.ExceptWith(ended);
        }

        var free = MaxConcurrency - _running.Count;
        var messages = free > 0 ? await outbox.ReceiveAsync(free, abort) : [];
        foreach (var message in messages)
        {
            var handling = Task.Run(() => runner.RunAsync(message, abort), CancellationToken.None);
            _running.Add(handling);
            _ = handling.ContinueWith(_ => signal.Set(), TaskScheduler.Default);
        }

        return free > 0 && messages.Count == free;
    }

    private async Task MaintainAsync(CancellationToken cancellationToken)
    {
        if (_maintainedAt is null || time.GetElapsedTime(_maintainedAt.Value) >= MaintenanceInterval)
        {
            _maintainedAt = time.GetTimestamp();
            await outbox.MaintainAsync(cancellationToken);
        }
    }
}

/// <summary>Wakes the dispatcher of this process after each commit, because the transaction may contain events.</summary>
public sealed class EventSignal : DbTransactionInterceptor, IDisposable
{
    private readonly SemaphoreSlim _signal = new(0, 1);

    public void Set()
    {
        lock (_signal)
        {
            if (_signal.CurrentCount == 0)
            {
                _signal.Release();
            }
        }
    }

    /// <returns>False if there was no commit in the given time.</returns>
    public Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) => _signal.WaitAsync(timeout, cancellationToken);

    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Set();
        return Task.CompletedTask;
    }

    public void Dispose() => _signal.Dispose();
}
