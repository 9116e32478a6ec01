using System.Collections.Immutable;

namespace InterviewApi.Core.Realtime;

/// <summary>The connections that subscribe to a channel, and those of them that watch its members.</summary>
// A member joins with its first connection, and leaves with its last.
public sealed class Subscribers
{
    public ImmutableHashSet<SocketConnection> All { get; set; } = [];

    public ImmutableHashSet<SocketConnection> Watchers { get; set; } = [];

    /// <value>The members that the watchers know.</value>
    public HashSet<string> Known { get; private set; } = [];

    /// <summary>Notifies the watchers of who has joined and left since the last notification.</summary>
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
