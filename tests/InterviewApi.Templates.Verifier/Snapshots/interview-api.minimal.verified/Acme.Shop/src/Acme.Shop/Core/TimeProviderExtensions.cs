namespace Acme.Shop.Core;

/// <summary>Times for storage. They are not in <c>Core.Data</c>, because services set them.</summary>
public static class TimeProviderExtensions
{
    /// <summary>The current time in whole milliseconds, which every database returns as written.</summary>
    public static DateTimeOffset GetTimestampForStorage(this TimeProvider time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
