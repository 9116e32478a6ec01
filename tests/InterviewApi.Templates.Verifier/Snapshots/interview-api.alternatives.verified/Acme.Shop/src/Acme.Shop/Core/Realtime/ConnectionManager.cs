using System.Collections.Immutable;
using System.Net.WebSockets;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Core.Realtime;

/// <summary>
/// The connections of this instance and the channels that they have subscribed to. Every subscriber receives the
/// messages of one client in broadcast order. Idle connections without a subscription are closed.
/// </summary>
public partial class ConnectionManager(IOptions<RealtimeOptions> options, ILogger<ConnectionManager> logger) : BackgroundService
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Taken, bool IsReported)> _seats = new(StringComparer.Ordinal);
    private readonly HashSet<SocketConnection> _connections = [];
    private readonly Dictionary<string, ImmutableHashSet<SocketConnection>> _channels = new(StringComparer.Ordinal);
    private bool _isShutDown;

    /// <summary>Takes one of the connections that an owner may have, until the result is disposed.</summary>
    /// <returns>Null if the owner has reached its connection limit.</returns>
    public IDisposable? TryTakeSeat(string owner, int limit)
    {
        lock (_lock)
        {
            var (taken, isReported) = _seats.GetValueOrDefault(owner);
            _seats[owner] = (Math.Min(taken + 1, limit), isReported || taken == limit);
            if (taken < limit)
            {
                return new Seat(this, owner, limit);
            }

            if (!isReported)
            {
                LogLimitReached(owner, limit);
            }

            return null;
        }
    }

    public void Add(SocketConnection connection)
    {
        lock (_lock)
        {
            _connections.Add(connection);
            if (_isShutDown)
            {
                CloseForShutdown(connection);
            }
        }
    }

    public void Remove(SocketConnection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
            foreach (var channel in connection.Channels.ToArray())
            {
                RemoveFromChannel(connection, channel);
            }
        }
    }

    /// <summary>Subscribes, and confirms it before the first message of the channel.</summary>
    /// <returns>False if the connection has reached its subscription limit.</returns>
    public bool TrySubscribe(SocketConnection connection, string channel)
    {
        lock (_lock)
        {
            if (!connection.Channels.Contains(channel) && connection.Channels.Count >= options.Value.MaxSubscriptions)
            {
                return false;
            }

            connection.Send(ServerMessages.Subscribed(channel));
            if (connection.Channels.Add(channel))
            {
                _channels[channel] = _channels.GetValueOrDefault(channel, []).Add(connection);
            }

            return true;
        }
    }

    public void Unsubscribe(SocketConnection connection, string channel)
    {
        lock (_lock)
        {
            RemoveFromChannel(connection, channel);
        }
    }

    /// <summary>Queues a message for each subscriber. It never waits or fails.</summary>
    public virtual void Broadcast(string channel, ReadOnlyMemory<byte> message)
    {
        ImmutableHashSet<SocketConnection>? subscribers;
        lock (_lock)
        {
            _channels.TryGetValue(channel, out subscribers);
        }

        foreach (var subscriber in subscribers ?? [])
        {
            subscriber.Send(message);
        }
    }

    /// <returns>The connections that currently meet a condition.</returns>
    public IReadOnlyList<SocketConnection> Find(Func<SocketConnection, bool> condition)
    {
        lock (_lock)
        {
            return [.. _connections.Where(condition)];
        }
    }

    /// <summary>Closes all connections, including those that are still in their handshake.</summary>
    public void ShutDown()
    {
        lock (_lock)
        {
            _isShutDown = true;
        }

        foreach (var connection in Find(_ => true))
        {
            CloseForShutdown(connection);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var limit = TimeSpan.FromSeconds(options.Value.IdleSeconds);
        using var timer = new PeriodicTimer(limit / 10);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var connection in Find(connection => connection.Channels.Count == 0 && connection.Silence > limit))
            {
                connection.Close(WebSocketCloseStatus.NormalClosure, "idle");
            }
        }
    }

    private static void CloseForShutdown(SocketConnection connection) =>
        connection.Close(WebSocketCloseStatus.EndpointUnavailable, "shutdown");

    private void RemoveFromChannel(SocketConnection connection, string channel)
    {
        if (connection.Channels.Remove(channel)
            && (_channels[channel] = _channels[channel].Remove(connection)).IsEmpty)
        {
            _channels.Remove(channel);
        }
    }

    [LoggerMessage(1102, LogLevel.Warning, "{Owner} has reached its limit of {Limit} WebSocket connections.", EventName = "ConnectionLimitReached")]
    private partial void LogLimitReached(string owner, int limit);

    private sealed class Seat(ConnectionManager connections, string owner, int limit) : IDisposable
    {
        public void Dispose()
        {
            lock (connections._lock)
            {
                // Reported again only after half are free, or clients that come and go would repeat the warning.
                if (connections._seats.Remove(owner, out var seats) && seats.Taken > 1)
                {
                    connections._seats[owner] = (seats.Taken - 1, seats.IsReported && seats.Taken - 1 >= limit / 2.0);
                }
            }
        }
    }
}
