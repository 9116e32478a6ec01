using System.Collections.Immutable;
using System.Net.WebSockets;

namespace InterviewApi.Core.Realtime;

/// <summary>The connections of this instance and their subscriptions. Idle ones without a subscription are closed.</summary>
public class ConnectionManager(IOptions<RealtimeOptions> options) : BackgroundService
{
    private readonly Lock _lock = new();
    private readonly HashSet<SocketConnection> _connections = [];
    private readonly Dictionary<string, ImmutableHashSet<SocketConnection>> _recipients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Subscribers> _channels = new(StringComparer.Ordinal);
    private bool _isShutDown;

    public void Add(SocketConnection connection)
    {
        lock (_lock)
        {
            _connections.Add(connection);
            _recipients[connection.Sender] = _recipients.GetValueOrDefault(connection.Sender, []).Add(connection);
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
            if ((_recipients[connection.Sender] = _recipients[connection.Sender].Remove(connection)).IsEmpty)
            {
                _recipients.Remove(connection.Sender);
            }

            foreach (var channel in connection.Channels.ToArray())
            {
                Unsubscribe(connection, channel);
            }
        }
    }

    /// <summary>
    /// Subscribes, and confirms that before the first message of the channel. A watcher also learns who is there, who joins and
    /// who leaves.
    /// </summary>
    /// <returns>False if the connection has reached its subscription limit.</returns>
    public bool TrySubscribe(SocketConnection connection, string channel, bool watches = false)
    {
        lock (_lock)
        {
            if (!connection.Channels.Contains(channel) && connection.Channels.Count >= options.Value.MaxSubscriptions)
            {
                return false;
            }

            connection.Channels.Add(channel);
            var subscribers = _channels.TryGetValue(channel, out var known) ? known : _channels[channel] = new Subscribers();
            subscribers.All = subscribers.All.Add(connection);
            subscribers.Watchers = watches ? subscribers.Watchers.Add(connection) : subscribers.Watchers.Remove(connection);
            AnnounceMembers(channel, except: connection);
            connection.Send(watches ? ServerMessages.Subscribed(channel, subscribers.Known) : ServerMessages.Subscribed(channel));
            return true;
        }
    }

    public void Unsubscribe(SocketConnection connection, string channel)
    {
        lock (_lock)
        {
            if (connection.Channels.Remove(channel))
            {
                var subscribers = _channels[channel];
                subscribers.All = subscribers.All.Remove(connection);
                subscribers.Watchers = subscribers.Watchers.Remove(connection);
                if (subscribers.All.IsEmpty)
                {
                    _channels.Remove(channel);
                }

                AnnounceMembers(channel);
            }
        }
    }

    /// <summary>Queues a message for each subscriber. It never waits or fails.</summary>
    public virtual void Broadcast(string channel, ReadOnlyMemory<byte> message)
    {
        Subscribers? subscribers;
        lock (_lock)
        {
            _channels.TryGetValue(channel, out subscribers);
        }

        Subscribers.Send(subscribers?.All, message);
    }

    /// <summary>Queues a message for each connection of a recipient. If there is none, the sender gets an error.</summary>
    public virtual void SendTo(string recipient, ReadOnlyMemory<byte> message, SocketConnection sender)
    {
        if (!TrySendTo(recipient, message))
        {
            sender.Send(ServerMessages.UnknownRecipient);
        }
    }

    /// <returns>Whether the recipient has a connection to this instance.</returns>
    protected bool TrySendTo(string recipient, ReadOnlyMemory<byte> message)
    {
        ImmutableHashSet<SocketConnection>? connections;
        lock (_lock)
        {
            _recipients.TryGetValue(recipient, out connections);
        }

        Subscribers.Send(connections, message);
        return connections is not null;
    }

#if (UseRedis)
    /// <returns>The channels that clients of this instance subscribe to.</returns>
    protected IReadOnlyList<string> GetChannels()
    {
        lock (_lock)
        {
            return [.. _channels.Keys];
        }
    }

    protected bool IsWatchedHere(string channel)
    {
        lock (_lock)
        {
            return _channels.TryGetValue(channel, out var subscribers) && !subscribers.Watchers.IsEmpty;
        }
    }

#endif
    protected virtual HashSet<string> GetMembers(string channel)
    {
        lock (_lock)
        {
            var connections = _channels.TryGetValue(channel, out var subscribers) ? subscribers.All : [];
            return connections.Select(connection => connection.Sender).ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <summary>Notifies the watchers of a channel of who has joined and left since the last notification.</summary>
    protected virtual void AnnounceMembers(string channel, SocketConnection? except = null)
    {
        lock (_lock)
        {
            if (_channels.TryGetValue(channel, out var subscribers) && !subscribers.Watchers.IsEmpty)
            {
                subscribers.Announce(channel, GetMembers(channel), except);
            }
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
