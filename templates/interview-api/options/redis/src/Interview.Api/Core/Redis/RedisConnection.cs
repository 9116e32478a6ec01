using System.Diagnostics;
using System.Net.Sockets;
using InterviewApi.Core.Configuration;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace InterviewApi.Core.Redis;

/// <summary>
/// The one connection of this process to Redis. Nothing that a request needs may depend on Redis, so a command that
/// fails yields no answer instead of an exception, and so does one that waits while Redis is silent for
/// <see cref="Timeout"/>. After the first one no command is sent, and none waits, until a probe in the background is
/// answered again.
/// </summary>
public sealed partial class RedisConnection(IOptions<RedisOptions> options, ILogger<RedisConnection> logger)
    : IDisposable
{
    private const string DefaultPrefix = "interview-api:";
    private const int MaxTimeouts = 3;
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(250);

    private readonly ConfigurationOptions _configuration = Configure(options.Value.Redis);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private Task<ConnectionMultiplexer>? _connecting;
    private long _answeredAt;
    private int _isAway;

    /// <value>
    /// The longest time that a caller waits for a silent Redis. While Redis answers others, which are before it in a busy
    /// process, or after this process has stood still, a caller waits up to three times as long.
    /// </value>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(1);

    /// <value>False from the first failure until Redis answers again.</value>
    public bool IsAvailable => Volatile.Read(ref _isAway) == 0;

    /// <summary>The full name of a key of this application.</summary>
    public RedisKey Key(string name) => $"{(string?)_configuration.ChannelPrefix}{name}";

    /// <summary>
    /// Connects at the first call. Without a server the connection is given back all the same, and made in the
    /// background as soon as there is one.
    /// </summary>
    public Task<ConnectionMultiplexer> ConnectAsync()
    {
        var connecting = _connecting;
        return connecting is { IsCompletedSuccessfully: true } ? connecting : ConnectOnceAsync();
    }

    /// <summary>Sends a command, unless Redis is known to be away.</summary>
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
        catch (Exception exception) when (IsFailure(exception))
        {
            Leave(exception);
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

    private static ConfigurationOptions Configure(string connectionString)
    {
        var configuration = ConfigurationOptions.Parse(connectionString);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = (int)Timeout.TotalMilliseconds;
        configuration.ReconnectRetryPolicy = new LinearRetry((int)ProbeInterval.TotalMilliseconds);
        configuration.KeepAlive = 5;
        // A command fails at once while there is no connection, and does not wait for one.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        if (string.IsNullOrEmpty(configuration.ChannelPrefix))
        {
            configuration.ChannelPrefix = new RedisChannel(DefaultPrefix, RedisChannel.PatternMode.Literal);
        }

        return configuration;
    }

    private static bool IsFailure(Exception exception) => exception
        is RedisException
        or RedisCommandException
        or TimeoutException
        or SocketException
        or OperationCanceledException
        or ObjectDisposedException;

    private Task<ConnectionMultiplexer> ConnectOnceAsync()
    {
        lock (_lock)
        {
            // A name that could not be resolved is looked up again.
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
            catch (TimeoutException) when (timeouts < MaxTimeouts && (IsAnsweringOthers() || HasStoodStill(started)))
            {
                // This process is busy, not Redis away.
            }
        }
    }

    private bool IsAnsweringOthers() =>
        Environment.TickCount64 - Volatile.Read(ref _answeredAt) < (long)Timeout.TotalMilliseconds;

    // The timer was late, so the answer may be here and unread.
    private static bool HasStoodStill(long started) =>
        Environment.TickCount64 - started > (long)Timeout.TotalMilliseconds * 5 / 4;

    private async Task<T> SendAsync<TState, T>(TState state, Func<IDatabase, TState, Task<T>> command)
    {
        var connection = await ConnectAsync();
        return await command(connection.GetDatabase(), state);
    }

    private void Leave(Exception reason)
    {
        if (!_stopping.IsCancellationRequested && Interlocked.Exchange(ref _isAway, 1) == 0)
        {
            LogAway(reason.Message);
            _ = ReturnAsync();
        }
    }

    private async Task ReturnAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(ProbeInterval, _stopping.Token);
                await WaitAsync(SendAsync(0, static (database, _) => database.PingAsync()));
                Volatile.Write(ref _isAway, 0);
                LogBack(Stopwatch.GetElapsedTime(started).TotalSeconds);
                return;
            }
            catch (Exception exception) when (IsFailure(exception))
            {
                // Not yet.
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Redis is away, and this instance goes on without it: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(LogLevel.Information, "Redis is back after {Seconds:0.0} s.")]
    private partial void LogBack(double seconds);
}
