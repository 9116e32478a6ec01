using System.Threading.RateLimiting;

namespace Acme.Shop.Core.RateLimiting;

/// <summary>At most <paramref name="PermitLimit"/> requests per client in any <paramref name="Window"/>.</summary>
/// <param name="Name">The name that endpoints require and that clients see in the RateLimit fields.</param>
/// <param name="ByAddress">Counts by address even if the user is known.</param>
public sealed record RateLimitPolicy(string Name, int PermitLimit, TimeSpan Window, bool ByAddress = false);

/// <summary>Whether a request is admitted, the client's remaining permits, and the time until it has one more.</summary>
public sealed class RateLimitCount(bool isAdmitted, int remaining, TimeSpan reset) : RateLimitLease
{
    public override bool IsAcquired => isAdmitted;

    public override IEnumerable<string> MetadataNames => [];

    public int Remaining => remaining;

    public TimeSpan Reset => reset;

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = null;
        return false;
    }
}

/// <summary>Exact sliding windows in memory. Each holds the times of the admitted requests.</summary>
// Beyond MaxClients in one window, the least recently seen are evicted and new IPv6 clients count by their /48, so a
// flood of addresses neither fills the memory nor locks out other clients.
public class RateLimitCounter(TimeProvider time)
{
    public const int MaxClients = 100_000;

    private readonly Lock _lock = new();
    private Dictionary<(string Policy, string Client), Queue<long>> _recent = [];
    private Dictionary<(string Policy, string Client), Queue<long>> _previous = [];
    private long _rotatedAt = time.GetTimestamp();
    private bool _isFlooded;

    /// <value>The number of clients in memory.</value>
    public int Clients => _recent.Count + _previous.Count;

    public virtual ValueTask<RateLimitCount> CountAsync(RateLimitPolicy policy, string client)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            Rotate(policy.Window, now);
            var admitted = Find((policy.Name, client));
            while (admitted.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= policy.Window)
            {
                admitted.Dequeue();
            }

            var isAdmitted = admitted.Count < policy.PermitLimit;
            if (isAdmitted)
            {
                admitted.Enqueue(now);
            }

            var reset = policy.Window - time.GetElapsedTime(admitted.Peek(), now);
            return ValueTask.FromResult(new RateLimitCount(isAdmitted, policy.PermitLimit - admitted.Count, reset));
        }
    }

    // All policies have the same window, so the window of a client not seen between two rotations has expired.
    private void Rotate(TimeSpan window, long now)
    {
        var isFull = _recent.Count >= MaxClients / 2;
        if (isFull || time.GetElapsedTime(_rotatedAt, now) >= window)
        {
            _previous = _recent;
            _recent = [];
            _rotatedAt = now;
            _isFlooded = isFull;
        }
    }

    private Queue<long> Find((string Policy, string Client) key)
    {
        if (_isFlooded && !_recent.ContainsKey(key) && !_previous.ContainsKey(key))
        {
            key.Client = ClientKey.Coarsen(key.Client);
        }

        if (!_recent.TryGetValue(key, out var admitted))
        {
            _previous.Remove(key, out admitted);
            _recent.Add(key, admitted ??= new Queue<long>());
        }

        return admitted;
    }
}
