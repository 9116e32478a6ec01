namespace Acme.Shop.Core.Caching;

/// <summary>
/// Runs at most one piece of work for a key at a time. Who comes while one is running shares the next one, and not the
/// one that runs: that may have read its result before a change which the newcomer has already seen.
/// </summary>
public sealed class SingleFlight<TResult>
{
    private readonly Dictionary<string, Flight?> _waiting = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public Task<TResult> RunAsync(string key, Func<Task<TResult>> work)
    {
        Flight flight;
        lock (_lock)
        {
            if (_waiting.TryGetValue(key, out var next))
            {
                return (_waiting[key] = next ?? new Flight(work)).Result;
            }

            flight = new Flight(work);
            _waiting.Add(key, null);
        }

        _ = FlyAsync(key, flight);
        return flight.Result;
    }

    private async Task FlyAsync(string key, Flight? flight)
    {
        while (flight is not null)
        {
            await flight.FlyAsync();
            lock (_lock)
            {
                flight = _waiting[key];
                if (flight is null)
                {
                    _waiting.Remove(key);
                }
                else
                {
                    _waiting[key] = null;
                }
            }
        }
    }

    private sealed class Flight(Func<Task<TResult>> work)
    {
        private readonly TaskCompletionSource<TResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<TResult> Result => _result.Task;

        public async Task FlyAsync()
        {
            try
            {
                _result.SetResult(await work());
            }
#pragma warning disable CA1031 // Whatever it is, it belongs to those who wait.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _result.SetException(exception);
            }
        }
    }
}
