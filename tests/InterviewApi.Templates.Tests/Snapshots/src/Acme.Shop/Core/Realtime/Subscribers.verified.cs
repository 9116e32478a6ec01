using System.Collections.Immutable;

namespace Acme.Shop.Core.Realtime;

/// <summary>The connections that subscribe to a channel, and those of them that watch who is there.</summary>
// A member is there with the first of its connections, and has left with the last.
public sealed class Subscribers
{
    public ImmutableHashSet<SocketConnection> All { get; set; } = [];

    public ImmutableHashSet<SocketConnection> Watchers { get; set; } = [];

    /// <value>The members that the watchers know.</value>
    public HashSet<string> Known { get; private set; } = [];

    /// <summary>Tells the watchers who has joined and left since they were last told.</summary>
    public void Announce(string channel, HashSet<string> members, SocketConnection? except)
    {
        var watchers = except is null ? Watchers : Watchers.Remove(except);
        foreach (var member in members.Except(Known))
        {
            Send(watchers, ServerMessages.Presence(channel, "joined", member));
        }

        foreach (var member in Known.Except(members))
        {
            Send(watchers, ServerMessages.Presence(channel, "left", member));
        }

        Known = members;
    }

    public static void Send(ImmutableHashSet<SocketConnection>? connections, ReadOnlyMemory<byte> message)
    {
        foreach (var connection in connections ?? [])
        {
            connection.Send(message);
        }
    }
}
