using System.Collections.Concurrent;
using System.Diagnostics;

namespace Acme.Shop.Core.Realtime;

/// <summary>The members of channels on the other instances, as reported by these in the last seconds.</summary>
public sealed class RemoteMembers
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Lifetime = 3 * Interval;

    private readonly ConcurrentDictionary<string, long> _watched = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, (string[] Members, long At)>> _channels =
        new(StringComparer.Ordinal);

    public void Watch(string channel) => _watched[channel] = Stopwatch.GetTimestamp();

    /// <returns>Whether a client of another instance watches the channel.</returns>
    public bool IsWatched(string channel) => _watched.TryGetValue(channel, out var at) && IsFresh(at);

    public void Set(string channel, string instance, string[] members) =>
        _channels.GetOrAdd(channel, _ => new())[instance] = (members, Stopwatch.GetTimestamp());

    public IEnumerable<string> MembersOf(string channel) => _channels.TryGetValue(channel, out var instances)
        ? instances.Values.Where(list => IsFresh(list.At)).SelectMany(list => list.Members)
        : [];

    /// <summary>Drops what no instance has repeated.</summary>
    public void Clean()
    {
        foreach (var (channel, _) in _watched.Where(watch => !IsFresh(watch.Value)))
        {
            _watched.TryRemove(channel, out _);
        }

        foreach (var (channel, _) in _channels.Where(channel => channel.Value.Values.All(list => !IsFresh(list.At))))
        {
            _channels.TryRemove(channel, out _);
        }
    }

    private static bool IsFresh(long at) => Stopwatch.GetElapsedTime(at) < Lifetime;
}
