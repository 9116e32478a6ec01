using System.Text;
using System.Threading.Channels;
using Acme.Shop.Core.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Acme.Shop.Core.Realtime;

/// <summary>
/// Also sends broadcasts to the other instances over Redis. Clients of this instance receive them directly, without
/// Redis. Other instances receive each at most once, and none that is sent while Redis is unavailable.
/// </summary>
public sealed partial class BackplaneConnectionManager(
    IOptions<RealtimeOptions> options, RedisConnection redis, ILogger<BackplaneConnectionManager> logger)
    : ConnectionManager(options, logger)
{
    private const int QueueLength = 4096;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private static readonly RedisChannel Topic = new("websockets", RedisChannel.PatternMode.Literal);

    private readonly Guid _instance = Guid.NewGuid();

    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true });

    private int _dropped;

    public override void Broadcast(string channel, ReadOnlyMemory<byte> message)
    {
        base.Broadcast(channel, message);
        if (!_queue.Writer.TryWrite(Encode(_instance, channel, message.Span)) && Interlocked.Increment(ref _dropped) == 1)
        {
            LogFull();
        }
    }

    /// <returns>The instance, the length of the channel name in one byte, the name in ASCII, the message.</returns>
    public static byte[] Encode(Guid instance, string channel, ReadOnlySpan<byte> message) =>
        [.. instance.ToByteArray(), checked((byte)channel.Length), .. Encoding.ASCII.GetBytes(channel), .. message];

    /// <returns>False if these bytes are not from <see cref="Encode"/>.</returns>
    public static bool TryDecode(byte[]? bytes, out Guid instance, out string channel, out ReadOnlyMemory<byte> message)
    {
        (instance, channel, message) = (Guid.Empty, "", default);
        if (bytes is not { Length: > 16 } || bytes.Length < 17 + bytes[16])
        {
            return false;
        }

        (instance, channel) = (new Guid(bytes.AsSpan(0, 16)), Encoding.ASCII.GetString(bytes, 17, bytes[16]));
        message = bytes.AsMemory(17 + bytes[16]);
        return true;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        base.ExecuteAsync(stoppingToken), SubscribeAsync(stoppingToken), PublishAsync(stoppingToken));

    // Subscribe once: the client library resubscribes on each new connection. The queue preserves message order.
    private async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        var isReported = false;
        while (true)
        {
            try
            {
                var subscriber = (await redis.ConnectAsync()).GetSubscriber();

                // A failed attempt leaves a queue behind that nobody reads.
                await subscriber.UnsubscribeAsync(Topic);
                var messages = await subscriber.SubscribeAsync(Topic);
                messages.OnMessage(message => Receive(message.Message));
                return;
            }
            catch (Exception exception)
            {
                if (!isReported)
                {
                    isReported = true;
                    LogNotSubscribed(exception.Message);
                }

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

    private void Receive(byte[]? bytes)
    {
        // This instance also receives its own messages.
        if (TryDecode(bytes, out var instance, out var channel, out var message) && instance != _instance)
        {
            base.Broadcast(channel, message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Too many messages wait for Redis: further ones do not reach the other instances.")]
    private partial void LogFull();

    [LoggerMessage(LogLevel.Warning, "Messages reach the other instances again; {Count} were dropped.")]
    private partial void LogDropped(int count);

    [LoggerMessage(LogLevel.Warning, "Messages of other instances do not arrive until Redis is available: {Reason}")]
    private partial void LogNotSubscribed(string reason);
}
