namespace InterviewApi.Core;

/// <summary>Times as they are stored.</summary>
public static class TimeProviderExtensions
{
    /// <summary>The current time in whole milliseconds, so that it reads back from any database as it was written.</summary>
    public static DateTimeOffset GetTimestampForStorage(this TimeProvider time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
