using System.Threading.Channels;
using Acme.Shop.Core.Redis;
using StackExchange.Redis;

namespace Acme.Shop.Core.Realtime;

/// <summary>Also sends broadcasts to the other instances over Redis. Its own clients receive them directly.</summary>
// Other instances receive each at most once, and none that is sent while Redis is unavailable.
public sealed class BackplaneConnectionManager(
    IOptions<RealtimeOptions> options, RedisConnection redis, ILogger<BackplaneConnectionManager> logger)
    : ConnectionManager(options)
{
    private const int QueueLength = 4096;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly string _instance = Guid.NewGuid().ToString("N");

    private readonly Channel<(string Channel, ReadOnlyMemory<byte> Message)> _queue =
        Channel.CreateBounded<(string, ReadOnlyMemory<byte>)>(new BoundedChannelOptions(QueueLength) { SingleReader = true });

    private int _dropped;

    public override void Broadcast(string channel, ReadOnlyMemory<byte> message)
    {
        base.Broadcast(channel, message);
        if (!_queue.Writer.TryWrite((channel, message)) && Interlocked.Increment(ref _dropped) == 1)
        {
            logger.LogWarning("Too many messages wait for Redis: further ones do not reach the other instances.");
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        base.ExecuteAsync(stoppingToken), SubscribeAsync(stoppingToken), PublishAsync(stoppingToken));

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
        await foreach (var (channel, message) in _queue.Reader.ReadAllAsync(cancellationToken))
        {
            var topic = RedisChannel.Literal($"websockets:{_instance}:{channel}");
            await redis.TryAsync((topic, message), static (database, sent) => database.PublishAsync(sent.topic, sent.message));
            if (_queue.Reader.Count == 0 && Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                logger.LogWarning("Messages reach the other instances again; {Count} were dropped.", dropped);
            }
        }
    }

    private void Receive(ChannelMessage message)
    {
        // This instance also receives its own messages.
        if (message.Channel.ToString().Split(':', 3) is [_, var instance, var channel] && instance != _instance)
        {
            base.Broadcast(channel, (byte[])message.Message!);
        }
    }
}
