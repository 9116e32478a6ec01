using System.Collections.Concurrent;

namespace Acme.Shop.Core.RateLimiting;

/// <summary>
/// Counts in the memory of this process. Clients that are gone are forgotten; when <see cref="MaxClients"/> came within
/// one window, those who come after them share one count, so that no flood of addresses fills the memory.
/// </summary>
public sealed class LocalRateLimitCounter(TimeProvider time) : IRateLimitCounter
{
    public const int MaxClients = 100_000;
    private const string Everyone = "*";

    private readonly ConcurrentDictionary<(string Policy, string Client), SlidingWindow> _windows = new();
    private long _nextSweep = time.GetTimestamp();
    private int _clients;

    /// <value>How many clients are remembered.</value>
    public int Clients => Volatile.Read(ref _clients);

    public ValueTask<RateLimitCount> CountAsync(RateLimitPolicy policy, string client)
    {
        while (true)
        {
            if (WindowOf(policy, client).TryCount(out var count))
            {
                return ValueTask.FromResult(count);
            }
        }
    }

    private SlidingWindow WindowOf(RateLimitPolicy policy, string client)
    {
        if (_windows.TryGetValue((policy.Name, client), out var known))
        {
            return known;
        }

        Sweep(policy.Window);
        var name = Clients < MaxClients ? client : Everyone;
        var window = new SlidingWindow(policy, time);
        var added = _windows.GetOrAdd((policy.Name, name), window);
        if (ReferenceEquals(added, window))
        {
            Interlocked.Increment(ref _clients);
        }

        return added;
    }

    private void Sweep(TimeSpan interval)
    {
        var now = time.GetTimestamp();
        var next = Volatile.Read(ref _nextSweep);
        var following = now + (long)(interval.TotalSeconds * time.TimestampFrequency);
        if (now < next || Interlocked.CompareExchange(ref _nextSweep, following, next) != next)
        {
            return;
        }

        foreach (var (key, window) in _windows)
        {
            if (window.TryRetire() && _windows.TryRemove(new(key, window)))
            {
                Interlocked.Decrement(ref _clients);
            }
        }
    }
}
