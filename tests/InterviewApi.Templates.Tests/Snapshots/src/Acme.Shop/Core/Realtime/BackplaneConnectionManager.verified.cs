using System.Collections.Concurrent;
using System.Threading.Channels;
using Acme.Shop.Core.Redis;
using StackExchange.Redis;

namespace Acme.Shop.Core.Realtime;

/// <summary>Also sends messages to the other instances over Redis. Its own clients receive them directly.</summary>
// Other instances receive each at most once, and none that is sent while Redis is unavailable.
public sealed class BackplaneConnectionManager(
    IOptions<RealtimeOptions> options, RedisConnection redis, ILogger<BackplaneConnectionManager> logger)
    : ConnectionManager(options)
{
    private const int QueueLength = 4096;
    private const int TicksOfInterval = 20;

    // The first character of a topic. No channel name begins with one of them.
    private const char Direct = '@', Delivered = '!', Watched = '?', Members = '=';

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DeliveryTimeout = TimeSpan.FromSeconds(2);

    private readonly string _instance = Guid.NewGuid().ToString("N");
    private readonly RemoteMembers _remote = new();

    // Messages whose recipient no instance has confirmed yet.
    private readonly ConcurrentDictionary<string, SocketConnection> _undelivered = new();

    private readonly Channel<(string Topic, ReadOnlyMemory<byte> Message)> _queue =
        Channel.CreateBounded<(string, ReadOnlyMemory<byte>)>(new BoundedChannelOptions(QueueLength) { SingleReader = true });

    // Channels whose members other instances may want to know.
    private readonly ConcurrentDictionary<string, bool> _changed = new(StringComparer.Ordinal);

    // Channels that clients of this instance watch.
    private readonly HashSet<string> _watched = new(StringComparer.Ordinal);

    private int _dropped;

    public override void Broadcast(string channel, ReadOnlyMemory<byte> message)
    {
        base.Broadcast(channel, message);
        Publish(channel, message);
    }

    public override void SendTo(string recipient, ReadOnlyMemory<byte> message, SocketConnection sender)
    {
        var id = Guid.NewGuid().ToString("N");
        if (!TrySendTo(recipient, message))
        {
            _undelivered[id] = sender;
            _ = ReportUndeliveredAsync(id);
        }

        Publish($"{Direct}{id}:{recipient}", message);
    }

    protected override HashSet<string> GetMembers(string channel) => [.. base.GetMembers(channel), .. _remote.MembersOf(channel)];

    // Called under the lock after a subscription or its end. Other instances send their members as soon as somebody watches.
    protected override void AnnounceMembers(string channel, SocketConnection? except = null)
    {
        base.AnnounceMembers(channel, except);
        _changed[channel] = true;
        if (!IsWatchedHere(channel))
        {
            _watched.Remove(channel);
        }
        else if (_watched.Add(channel))
        {
            Publish($"{Watched}{channel}", default);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        base.ExecuteAsync(stoppingToken), SubscribeAsync(stoppingToken), PublishAsync(stoppingToken), ShareMembersAsync(stoppingToken));

    // Lists of members are sent together and repeated, because a message may be lost and an instance that dies says nothing.
    private async Task ShareMembersAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RemoteMembers.Interval / TicksOfInterval);
        for (var tick = 1; await timer.WaitForNextTickAsync(cancellationToken); tick++)
        {
            if (tick % TicksOfInterval == 0)
            {
                _remote.Clean();
                foreach (var channel in GetChannels())
                {
                    _changed[channel] = true;
                    base.AnnounceMembers(channel);
                    if (IsWatchedHere(channel))
                    {
                        Publish($"{Watched}{channel}", default);
                    }
                }
            }

            foreach (var (channel, _) in _changed)
            {
                if (_changed.TryRemove(channel, out _) && _remote.IsWatched(channel))
                {
                    Publish($"{Members}{channel}", JsonSerializer.SerializeToUtf8Bytes(base.GetMembers(channel)));
                }
            }
        }
    }

    private async Task ReportUndeliveredAsync(string id)
    {
        await Task.Delay(DeliveryTimeout);
        if (_undelivered.TryRemove(id, out var sender))
        {
            sender.Send(ServerMessages.UnknownRecipient);
        }
    }

    private void Publish(string topic, ReadOnlyMemory<byte> message)
    {
        if (!_queue.Writer.TryWrite((topic, message)) && Interlocked.Increment(ref _dropped) == 1)
        {
            logger.LogWarning("Too many messages wait for Redis: further ones do not reach the other instances.");
        }
    }

    // Subscribe once: the client library resubscribes on each new connection. The queue preserves message order.
    private async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        var topics = RedisChannel.Pattern("websockets:*");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var subscriber = (await redis.ConnectAsync()).GetSubscriber();

                // A failed attempt leaves a queue behind that nobody reads.
                await subscriber.UnsubscribeAsync(topics);
                (await subscriber.SubscribeAsync(topics)).OnMessage(Receive);
                return;
            }
            catch (Exception exception)
            {
                if (attempt == 1)
                {
                    logger.LogWarning("Messages of other instances do not arrive until Redis is available: {Reason}", exception.Message);
                }

                await Task.Delay(RetryInterval, cancellationToken);
            }
        }
    }

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        await foreach (var (topic, message) in _queue.Reader.ReadAllAsync(cancellationToken))
        {
            var address = RedisChannel.Literal($"websockets:{_instance}:{topic}");
            await redis.TryAsync((topic: address, message), static (database, sent) => database.PublishAsync(sent.topic, sent.message));
            var dropped = _queue.Reader.Count == 0 ? Interlocked.Exchange(ref _dropped, 0) : 0;
            if (dropped > 0)
            {
                logger.LogWarning("Messages reach the other instances again; {Count} were dropped.", dropped);
            }
        }
    }

    private void Receive(ChannelMessage received)
    {
        // This instance also receives its own messages.
        if (received.Channel.ToString().Split(':', 3) is not [_, var instance, { Length: > 0 } topic] || instance == _instance)
        {
            return;
        }

        var message = (byte[])received.Message!;
        var rest = topic[1..];
        switch (topic[0])
        {
            case Direct when rest.Split(':', 2) is [var id, var recipient]:
                if (TrySendTo(recipient, message))
                {
                    Publish($"{Delivered}{id}", default);
                }

                break;
            case Delivered:
                _undelivered.TryRemove(rest, out _);
                break;
            case Watched:
                _remote.Watch(rest);
                _changed[rest] = true;
                break;
            case Members:
                if (IsWatchedHere(rest))
                {
                    _remote.Set(rest, instance, JsonSerializer.Deserialize<string[]>(message) ?? []);
                    base.AnnounceMembers(rest);
                }

                break;
            default:
                base.Broadcast(topic, message);
                break;
        }
    }
}
