namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A test that runs containers. It is skipped, with the reason, where no engine answers; never under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DockerFactAttribute : FactAttribute
{
    public DockerFactAttribute()
    {
        if (!Suite.IsContinuousIntegration)
        {
            Skip = Docker.Missing;
        }
    }
}
