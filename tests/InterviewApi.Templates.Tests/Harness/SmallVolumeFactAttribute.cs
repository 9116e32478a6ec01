namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A test that fills a volume. It is skipped, with the reason, where none can be mounted; never under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallVolumeFactAttribute : FactAttribute
{
    public SmallVolumeFactAttribute()
    {
        if (!Suite.IsContinuousIntegration)
        {
            Skip = RedisServer.Missing ?? SmallVolume.Missing;
        }
    }
}
