namespace Acme.Shop.Core;

/// <summary>Times as they are stored. Outside of <c>Core.Data</c>, because services set them.</summary>
public static class TimeProviderExtensions
{
    /// <summary>The current time in whole milliseconds, so that every database returns the value that was written.</summary>
    public static DateTimeOffset GetTimestampForStorage(this TimeProvider time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
