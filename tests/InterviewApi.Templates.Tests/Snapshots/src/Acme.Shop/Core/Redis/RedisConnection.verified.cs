using System.Collections.Concurrent;
using System.Diagnostics;
using StackExchange.Redis;
using static StackExchange.Redis.RedisErrorKind;

namespace Acme.Shop.Core.Redis;

/// <summary>The reply to a command, if it arrived in time.</summary>
public readonly record struct RedisReply<T>(bool IsAnswered, T? Value);

/// <summary>The only Redis connection. A command that fails or takes too long returns no reply: no request may fail.</summary>
// After the first failure, no command is sent until a background probe succeeds. The probe writes a key, so a server
// that is out of memory or read-only counts as unavailable.
public sealed class RedisConnection(ConfigurationOptions configuration, ILogger<RedisConnection> logger) : IDisposable
{
    /// <summary>A caller waits this many timeouts while Redis answers others, or after this process was suspended.</summary>
    public const int MaxTimeouts = 3;

    private readonly ConcurrentDictionary<RedisErrorKind, bool> _refusals = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private Task<ConnectionMultiplexer>? _connecting;
    private long _answeredAt;
    private bool _isUnavailable;

    /// <value>How long a caller waits for a silent server.</value>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(1);

    /// <value>The interval between attempts to reach a server that is unavailable.</value>
    public static TimeSpan RetryInterval { get; } = TimeSpan.FromMilliseconds(250);

    /// <value>Called when Redis is available again. What other instances sent in the meantime is lost.</value>
    public Func<Task> OnRecovered { get; set; } = () => Task.CompletedTask;

    /// <summary>Returns the key with the prefix of this application.</summary>
    public RedisKey Key(string name) => $"{(string?)configuration.ChannelPrefix}{name}";

    /// <summary>Connects on the first call, and again if the host name could not be resolved.</summary>
    // Without a server it also returns a connection, which is established as soon as a server is available.
    public Task<ConnectionMultiplexer> ConnectAsync()
    {
        lock (_lock)
        {
            return _connecting is null or { IsFaulted: true } or { IsCanceled: true }
                ? _connecting = Task.Run(() => ConnectionMultiplexer.ConnectAsync(configuration))
                : _connecting;
        }
    }

    /// <summary>Sends a command, unless Redis is known to be unavailable.</summary>
    public async Task<RedisReply<T>> TryAsync<TState, T>(TState state, Func<IDatabase, TState, Task<T>> command)
    {
        if (Volatile.Read(ref _isUnavailable))
        {
            return default;
        }

        try
        {
            return new(true, await SendAsync(state, command));
        }
        catch (RedisServerException exception) when (!IsOutage(exception.Kind))
        {
            // The command itself is at fault, for example because the Redis user lacks permission.
            if (_refusals.TryAdd(exception.Kind, true))
            {
                logger.LogError("Redis refuses a command. It is not reported again: {Reason}", exception.Message);
            }
        }
        catch (Exception exception)
        {
            if (!_stopping.IsCancellationRequested && !Interlocked.Exchange(ref _isUnavailable, true))
            {
                logger.LogWarning("Redis is unavailable. This instance continues without it: {Reason}", exception.Message);
                _ = ProbeAsync();
            }
        }

        return default;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        if (_connecting is { IsCompletedSuccessfully: true, Result: var connection })
        {
            connection.Dispose();
        }
    }

    // The server temporarily rejects all commands or all writes.
    private static bool IsOutage(RedisErrorKind kind) => kind
        is OutOfMemory or ReadOnly or Loading or Busy or Misconfigured or MasterDown or NoReplicas or ClusterDown or MaxClients
        or NoAuth or WrongPass;

    private async Task<T> SendAsync<TState, T>(TState state, Func<IDatabase, TState, Task<T>> command)
    {
        var reply = ConnectAndSendAsync();
        for (var timeouts = 1; ; timeouts++)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                var value = await reply.WaitAsync(Timeout, _stopping.Token);
                Volatile.Write(ref _answeredAt, Stopwatch.GetTimestamp());
                return value;
            }
            catch (TimeoutException) when (timeouts < MaxTimeouts && IsBusySince(started))
            {
                // Redis is available, and the reply may have arrived.
            }
        }

        async Task<T> ConnectAndSendAsync() => await command((await ConnectAsync()).GetDatabase(), state);
    }

    // Other commands were answered in the meantime, or the timer was late because this process was suspended.
    private bool IsBusySince(long started) =>
        Stopwatch.GetElapsedTime(Volatile.Read(ref _answeredAt)) < Timeout || Stopwatch.GetElapsedTime(started) > 1.25 * Timeout;

    private async Task ProbeAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(RetryInterval, _stopping.Token);
                await SendAsync(Key("probe"), static (database, key) => database.StringSetAsync(key, "", Timeout));
                Volatile.Write(ref _isUnavailable, false);
                logger.LogInformation("Redis is available again after {Seconds:0.0} s.", Stopwatch.GetElapsedTime(started).TotalSeconds);
                await OnRecovered();
                return;
            }
            catch (Exception)
            {
                // Still unavailable, or unavailable again.
            }
        }
    }
}
