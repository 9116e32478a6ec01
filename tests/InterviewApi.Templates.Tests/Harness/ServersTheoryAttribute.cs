namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A theory whose rows need PostgreSQL and Redis. It is skipped, with the reason, where they are missing; never under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServersTheoryAttribute : TheoryAttribute
{
    public ServersTheoryAttribute()
    {
        var missing = new[] { PostgresServer.Missing, RedisServer.Missing }.OfType<string>().ToArray();
        if (missing.Length > 0 && !Suite.IsContinuousIntegration)
        {
            Skip = string.Join("; ", missing);
        }
    }
}
