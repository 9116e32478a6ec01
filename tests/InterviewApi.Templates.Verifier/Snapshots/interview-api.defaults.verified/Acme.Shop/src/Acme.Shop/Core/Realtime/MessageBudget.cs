namespace Acme.Shop.Core.Realtime;

/// <summary>A token bucket: holds what two seconds allow, and fills continuously.</summary>
public sealed class MessageBudget(int perSecond, TimeProvider time)
{
    private readonly double _capacity = 2.0 * perSecond;
    private double _tokens = 2.0 * perSecond;
    private long _filledAt = time.GetTimestamp();

    public bool TryTake()
    {
        var now = time.GetTimestamp();
        var gained = time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond;
        _tokens = Math.Min(_capacity, _tokens + gained);
        _filledAt = now;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }
}
