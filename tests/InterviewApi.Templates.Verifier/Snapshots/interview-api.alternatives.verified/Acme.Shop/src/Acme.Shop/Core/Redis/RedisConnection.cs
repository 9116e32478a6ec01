using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Acme.Shop.Core.Redis;

/// <summary>The reply to a command, if it arrived in time.</summary>
public readonly record struct RedisReply<T>(bool IsAnswered, T? Value);

/// <summary>
/// The only Redis connection of this process. No request may fail because of Redis, so a command that fails or exceeds
/// <see cref="Timeout"/> returns no reply instead of throwing. After the first failure, no command is sent until a
/// background probe succeeds. The probe writes a key, so a server that is out of memory or read-only counts as
/// unavailable.
/// </summary>
public sealed partial class RedisConnection : IDisposable
{
    private const string DefaultPrefix = "acme-shop:";
    private const int MaxTimeouts = 3;
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(250);

    private readonly ConfigurationOptions _configuration;
    private readonly ILogger<RedisConnection> _logger;
    private readonly ConcurrentDictionary<RedisErrorKind, bool> _refusals = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private Task<ConnectionMultiplexer>? _connecting;
    private long _answeredAt;
    private int _isUnavailable;

    public RedisConnection(ConfigurationOptions configuration, ILogger<RedisConnection> logger)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        (_configuration, _logger) = (configuration, logger);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = (int)Timeout.TotalMilliseconds;
        configuration.AsyncTimeout = (int)Timeout.TotalMilliseconds * MaxTimeouts;
        configuration.ReconnectRetryPolicy = new LinearRetry((int)ProbeInterval.TotalMilliseconds);
        configuration.KeepAlive = 5;

        // Without a connection, a command fails immediately instead of waiting for one.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        if (string.IsNullOrEmpty(configuration.ChannelPrefix))
        {
            configuration.ChannelPrefix = new RedisChannel(DefaultPrefix, RedisChannel.PatternMode.Literal);
        }
    }

    /// <value>Called when Redis is available again. What other instances sent in the meantime is lost.</value>
    public Func<Task> OnRecovered { get; set; } = () => Task.CompletedTask;

    /// <value>
    /// How long a caller waits for a silent server. While other commands are answered, or after this process was suspended,
    /// a caller waits up to three times as long.
    /// </value>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(1);

    /// <value>False from the first failure until a probe succeeds.</value>
    public bool IsAvailable => Volatile.Read(ref _isUnavailable) == 0;

    /// <summary>Returns the key with the prefix of this application.</summary>
    public RedisKey Key(string name) => $"{(string?)_configuration.ChannelPrefix}{name}";

    /// <summary>
    /// Connects on the first call. Without a server it also returns a connection, which is established in the
    /// background as soon as a server is available.
    /// </summary>
    public Task<ConnectionMultiplexer> ConnectAsync()
    {
        var connecting = _connecting;
        return connecting is { IsCompletedSuccessfully: true } ? connecting : ConnectOnceAsync();
    }

    /// <summary>Sends a command, unless Redis is known to be unavailable.</summary>
    public async Task<RedisReply<T>> TryAsync<TState, T>(TState state, Func<IDatabase, TState, Task<T>> command)
    {
        if (!IsAvailable)
        {
            return default;
        }

        try
        {
            return new(true, await WaitAsync(SendAsync(state, command)));
        }
        catch (RedisServerException exception) when (!IsOutage(exception.Kind))
        {
            // The command itself is at fault, for example because the Redis user lacks permission.
            if (_refusals.TryAdd(exception.Kind, true))
            {
                LogRefused(exception.Message);
            }

            return default;
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            Suspend(exception);
            return default;
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        if (_connecting is { IsCompletedSuccessfully: true, Result: var connection })
        {
            connection.Dispose();
        }
    }

    private static bool IsFailure(Exception exception) => exception
        is RedisException
        or RedisCommandException
        or TimeoutException
        or SocketException
        or OperationCanceledException
        or ObjectDisposedException;

    /// <summary>Whether the server temporarily rejects all commands or all writes.</summary>
    private static bool IsOutage(RedisErrorKind kind) => kind
        is RedisErrorKind.OutOfMemory
        or RedisErrorKind.ReadOnly
        or RedisErrorKind.Loading
        or RedisErrorKind.Busy
        or RedisErrorKind.Misconfigured
        or RedisErrorKind.MasterDown
        or RedisErrorKind.NoReplicas
        or RedisErrorKind.ClusterDown
        or RedisErrorKind.MaxClients
        or RedisErrorKind.NoAuth
        or RedisErrorKind.WrongPass;

    private Task<ConnectionMultiplexer> ConnectOnceAsync()
    {
        lock (_lock)
        {
            // Connect again if the host name could not be resolved.
            if (_connecting is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _connecting = Task.Run(() => ConnectionMultiplexer.ConnectAsync(_configuration));
            }

            return _connecting;
        }
    }

    private async Task<T> WaitAsync<T>(Task<T> reply)
    {
        for (var timeouts = 1; ; timeouts++)
        {
            var started = Environment.TickCount64;
            try
            {
                var value = await reply.WaitAsync(Timeout, _stopping.Token);
                Volatile.Write(ref _answeredAt, Environment.TickCount64);
                return value;
            }
            catch (TimeoutException) when (timeouts < MaxTimeouts && (IsAnsweringOthers() || WasSuspended(started)))
            {
                // This process is busy; Redis is available.
            }
        }
    }

    private bool IsAnsweringOthers() =>
        Environment.TickCount64 - Volatile.Read(ref _answeredAt) < (long)Timeout.TotalMilliseconds;

    // The timer was late, so the reply may have arrived and not been read yet.
    private static bool WasSuspended(long started) =>
        Environment.TickCount64 - started > (long)Timeout.TotalMilliseconds * 5 / 4;

    private async Task<T> SendAsync<TState, T>(TState state, Func<IDatabase, TState, Task<T>> command)
    {
        var connection = await ConnectAsync();
        return await command(connection.GetDatabase(), state);
    }

    private void Suspend(Exception reason)
    {
        if (!_stopping.IsCancellationRequested && Interlocked.Exchange(ref _isUnavailable, 1) == 0)
        {
            LogUnavailable(reason.Message);
            _ = ProbeAsync();
        }
    }

    private async Task ProbeAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(ProbeInterval, _stopping.Token);
                await WaitAsync(SendAsync(Key("probe"), static (database, key) => database.StringSetAsync(key, "", Timeout)));
                Volatile.Write(ref _isUnavailable, 0);
                LogRecovered(Stopwatch.GetElapsedTime(started).TotalSeconds);
                await OnRecovered();
                return;
            }
            catch (Exception exception) when (IsFailure(exception))
            {
                // Still unavailable.
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Redis is unavailable. This instance continues without it: {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(LogLevel.Information, "Redis is available again after {Seconds:0.0} s.")]
    private partial void LogRecovered(double seconds);

    [LoggerMessage(LogLevel.Error, "Redis refuses a command. It is not reported again: {Reason}")]
    private partial void LogRefused(string reason);
}
