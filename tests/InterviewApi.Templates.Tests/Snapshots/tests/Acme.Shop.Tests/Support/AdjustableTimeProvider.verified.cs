namespace Acme.Shop.Tests.Support;

/// <summary>The real clock plus what a test has added to it.</summary>
public sealed class AdjustableTimeProvider : TimeProvider
{
    private TimeSpan _offset;

    public void Advance(TimeSpan time) => _offset += time;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(_offset.TotalSeconds * TimestampFrequency);
}
