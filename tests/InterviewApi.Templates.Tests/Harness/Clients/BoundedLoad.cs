using System.Collections.Concurrent;
using System.Diagnostics;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>Requests without a break, until it is stopped: a few clients, each with one request at a time and a pause after it.</summary>
internal sealed class BoundedLoad
{
    private const int MaxRequests = 60_000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Task _clients;
    private volatile bool _isStopped;
    private int _answered;

    /// <param name="clients">What each client asks, again and again.</param>
    public BoundedLoad(params IEnumerable<Func<Task<HttpResponseMessage>>> clients) =>
        _clients = Task.WhenAll([.. clients.Select(client => Task.Run(() => AskAsync(client)))]);

    /// <summary>Waits until this many more requests have been answered.</summary>
    public async Task WaitForAsync(int answers)
    {
        var goal = Volatile.Read(ref _answered) + answers;
        while (Volatile.Read(ref _answered) < goal)
        {
            Assert.False(_clients.IsCompleted, "The load reached its bound.");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Ends the load. Every request has to have succeeded.</summary>
    public async Task<int> StopAsync()
    {
        Assert.False(_clients.IsCompleted, "The load reached its bound.");
        _isStopped = true;
        await _clients;
        Problems.AssertNone([.. _failures], $"{_answered} requests were sent.");
        return _answered;
    }

    private async Task AskAsync(Func<Task<HttpResponseMessage>> client)
    {
        while (!_isStopped && _clock.Elapsed < MaxTime && Volatile.Read(ref _answered) < MaxRequests)
        {
            try
            {
                using var response = await client();
                if (!response.IsSuccessStatusCode)
                {
                    _failures.Enqueue(
                        $"{DateTime.UtcNow:O} {response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                _failures.Enqueue($"{DateTime.UtcNow:O} {exception}");
            }

            Interlocked.Increment(ref _answered);
            await Task.Delay(Pause);
        }
    }
}
