namespace Acme.Shop.Core.RateLimiting;

/// <summary>
/// The times of the admitted requests of one client, oldest first, in a ring that grows with them. Unlike counters for
/// parts of the window this is exact: never more than the limit, and never a refusal below it.
/// </summary>
internal sealed class SlidingWindow(RateLimitPolicy policy, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long[] _times = new long[4];
    private int _first;
    private int _count;
    private bool _isRetired;

    /// <returns>False if the window was retired meanwhile; then the request has to be counted in another one.</returns>
    public bool TryCount(out RateLimitCount count)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            Forget(now);
            var isAdmitted = !_isRetired && _count < policy.PermitLimit;
            if (isAdmitted)
            {
                Add(now);
            }

            var reset = _count == 0 ? TimeSpan.Zero : policy.Window - time.GetElapsedTime(_times[_first], now);
            count = new RateLimitCount(isAdmitted, policy.PermitLimit - _count, reset);
            return !_isRetired;
        }
    }

    /// <summary>Takes the window out of use if it holds no request any more.</summary>
    public bool TryRetire()
    {
        lock (_lock)
        {
            Forget(time.GetTimestamp());
            _isRetired |= _count == 0;
            return _isRetired;
        }
    }

    private void Forget(long now)
    {
        while (_count > 0 && time.GetElapsedTime(_times[_first], now) >= policy.Window)
        {
            _first = (_first + 1) % _times.Length;
            _count--;
        }
    }

    private void Add(long now)
    {
        if (_count == _times.Length)
        {
            var larger = new long[_times.Length * 2];
            for (var i = 0; i < _count; i++)
            {
                larger[i] = _times[(_first + i) % _times.Length];
            }

            (_times, _first) = (larger, 0);
        }

        _times[(_first + _count) % _times.Length] = now;
        _count++;
    }
}
