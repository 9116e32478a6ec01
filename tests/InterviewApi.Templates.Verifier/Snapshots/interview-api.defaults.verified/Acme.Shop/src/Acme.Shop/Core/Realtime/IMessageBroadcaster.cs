namespace Acme.Shop.Core.Realtime;

/// <summary>Sends a message to all who have subscribed to a channel.</summary>
public interface IMessageBroadcaster
{
    /// <summary>Queues a message for each subscriber. Never waits and never fails, whatever state a subscriber is in.</summary>
    void Broadcast(string channel, ReadOnlyMemory<byte> message);
}
