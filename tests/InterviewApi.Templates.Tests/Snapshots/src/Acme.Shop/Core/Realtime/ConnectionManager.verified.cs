using System.Collections.Immutable;
using System.Net.WebSockets;

namespace Acme.Shop.Core.Realtime;

/// <summary>The connections of this instance and their subscriptions. Idle ones without a subscription are closed.</summary>
public class ConnectionManager(IOptions<RealtimeOptions> options) : BackgroundService
{
    private readonly Lock _lock = new();
    private readonly HashSet<SocketConnection> _connections = [];
    private readonly Dictionary<string, ImmutableHashSet<SocketConnection>> _channels = new(StringComparer.Ordinal);
    private bool _isShutDown;

    public void Add(SocketConnection connection)
    {
        lock (_lock)
        {
            _connections.Add(connection);
            if (_isShutDown)
            {
                connection.Close(WebSocketCloseStatus.EndpointUnavailable, "shutdown");
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
                Unsubscribe(connection, channel);
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
            connection.Channels.Add(channel);
            _channels[channel] = _channels.GetValueOrDefault(channel, []).Add(connection);
            return true;
        }
    }

    public void Unsubscribe(SocketConnection connection, string channel)
    {
        lock (_lock)
        {
            if (connection.Channels.Remove(channel) && (_channels[channel] = _channels[channel].Remove(connection)).IsEmpty)
            {
                _channels.Remove(channel);
            }
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

    /// <summary>Closes the connections that currently meet a condition.</summary>
    public void Close(Func<SocketConnection, bool> condition, WebSocketCloseStatus status, string reason)
    {
        foreach (var connection in Find(condition))
        {
            connection.Close(status, reason);
        }
    }

    /// <summary>Closes all connections, including those that are still in their handshake.</summary>
    public void ShutDown()
    {
        lock (_lock)
        {
            _isShutDown = true;
        }

        Close(_ => true, WebSocketCloseStatus.EndpointUnavailable, "shutdown");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var limit = TimeSpan.FromSeconds(options.Value.IdleSeconds);
        using var timer = new PeriodicTimer(limit / 10);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Close(client => client.Channels.Count == 0 && client.Silence > limit, WebSocketCloseStatus.NormalClosure, "idle");
        }
    }
}
