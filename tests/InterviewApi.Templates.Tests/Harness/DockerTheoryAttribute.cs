namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A theory whose rows run containers. It is skipped, with the reason, where no engine answers; never under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DockerTheoryAttribute : TheoryAttribute
{
    public DockerTheoryAttribute()
    {
        if (!Suite.IsContinuousIntegration)
        {
            Skip = Docker.Missing;
        }
    }
}
