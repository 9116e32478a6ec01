using System.Collections.Immutable;
using Acme.Shop.Core.Configuration;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Core.Realtime;

/// <summary>
/// The connections of this instance and the channels that they have subscribed to. The order in which one client's
/// messages are broadcast is the order in which every subscriber gets them.
/// </summary>
public sealed class ConnectionHub(IOptions<RealtimeOptions> options) : IMessageBroadcaster, IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _seats = new(options.Value.MaxConnections);
    private readonly HashSet<SocketConnection> _connections = [];
    private readonly Dictionary<string, ImmutableHashSet<SocketConnection>> _channels = new(StringComparer.Ordinal);
    private bool _isShutDown;

    /// <summary>Takes one of the places that this instance has. It is given back with <see cref="Leave"/>.</summary>
    public bool TryEnter() => _seats.Wait(TimeSpan.Zero);

    public void Leave() => _seats.Release();

    public void Add(SocketConnection connection)
    {
        lock (_lock)
        {
            _connections.Add(connection);
            if (!_isShutDown)
            {
                return;
            }
        }

        connection.Close(CloseReason.Shutdown);
    }

    public void Remove(SocketConnection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
            foreach (var channel in connection.Channels)
            {
                RemoveFromChannel(connection, channel);
            }

            connection.Channels.Clear();
        }
    }

    /// <summary>Subscribes, and confirms it before the first message of the channel.</summary>
    /// <returns>False if the connection has as many subscriptions as it may have.</returns>
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
            if (connection.Channels.Remove(channel))
            {
                RemoveFromChannel(connection, channel);
            }
        }
    }

    public void Broadcast(string channel, ReadOnlyMemory<byte> message)
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

    /// <summary>The connections that meet a condition now.</summary>
    public IReadOnlyList<SocketConnection> Find(Func<SocketConnection, bool> condition)
    {
        lock (_lock)
        {
            return [.. _connections.Where(condition)];
        }
    }

    /// <summary>Closes all connections, and those that are still being made.</summary>
    public void ShutDown()
    {
        lock (_lock)
        {
            _isShutDown = true;
        }

        foreach (var connection in Find(_ => true))
        {
            connection.Close(CloseReason.Shutdown);
        }
    }

    public void Dispose() => _seats.Dispose();

    private void RemoveFromChannel(SocketConnection connection, string channel)
    {
        var rest = _channels[channel].Remove(connection);
        if (rest.IsEmpty)
        {
            _channels.Remove(channel);
        }
        else
        {
            _channels[channel] = rest;
        }
    }
}
