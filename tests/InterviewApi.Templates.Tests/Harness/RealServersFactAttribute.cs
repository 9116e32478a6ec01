namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A test that needs PostgreSQL and Redis. It is skipped, with the reason, where they are missing; never under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealServersFactAttribute : FactAttribute
{
    public RealServersFactAttribute()
    {
        var missing = new[] { PostgresServer.Missing, RedisServer.Missing }.OfType<string>().ToArray();
        if (missing.Length > 0 && !Suite.IsContinuousIntegration)
        {
            Skip = string.Join("; ", missing);
        }
    }
}
