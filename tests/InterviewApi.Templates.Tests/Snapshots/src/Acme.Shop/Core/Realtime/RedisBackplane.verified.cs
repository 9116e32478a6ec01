using System.Threading.Channels;
using Acme.Shop.Core.Redis;
using StackExchange.Redis;

namespace Acme.Shop.Core.Realtime;

/// <summary>
/// Carries broadcasts to the other instances over Redis. The clients of this instance get them directly, so they need
/// no Redis; the others get each at most once, and none that is sent while Redis is away.
/// </summary>
public sealed partial class RedisBackplane(ConnectionHub hub, RedisConnection redis, ILogger<RedisBackplane> logger)
    : BackgroundService, IMessageBroadcaster
{
    private const int QueueLength = 4096;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private static readonly RedisChannel Topic = new("websockets", RedisChannel.PatternMode.Literal);

    private readonly Guid _instance = Guid.NewGuid();

    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true });

    private int _dropped;

    public void Broadcast(string channel, ReadOnlyMemory<byte> message)
    {
        hub.Broadcast(channel, message);
        if (!_queue.Writer.TryWrite(new BackplaneMessage(_instance, channel, message).Encode())
            && Interlocked.Increment(ref _dropped) == 1)
        {
            LogFull();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(SubscribeAsync(stoppingToken), PublishAsync(stoppingToken));

    // Once is enough: the client library subscribes again with each new connection. The queue keeps the messages in order.
    private async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var connection = await redis.ConnectAsync();
                var messages = await connection.GetSubscriber().SubscribeAsync(Topic);
                messages.OnMessage(message => Deliver(message.Message));
                return;
            }
            catch (Exception exception)
            {
                LogNotSubscribed(exception.Message);
                await Task.Delay(RetryInterval, cancellationToken);
            }
        }
    }

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        await foreach (var message in _queue.Reader.ReadAllAsync(cancellationToken))
        {
            await redis.TryAsync(message, static (database, bytes) => database.PublishAsync(Topic, bytes));
            if (_queue.Reader.Count == 0 && Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                LogDropped(dropped);
            }
        }
    }

    private void Deliver(byte[]? bytes)
    {
        // What this instance has sent comes back to it as well.
        if (BackplaneMessage.Decode(bytes) is { } message && message.Instance != _instance)
        {
            hub.Broadcast(message.Channel, message.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Too many messages wait for Redis: further ones do not reach the other instances.")]
    private partial void LogFull();

    [LoggerMessage(LogLevel.Warning, "The messages to other instances are flowing again; {Count} did not reach them.")]
    private partial void LogDropped(int count);

    [LoggerMessage(LogLevel.Warning, "The messages of other instances do not arrive yet: {Reason}")]
    private partial void LogNotSubscribed(string reason);
}
