namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A test that needs nginx, PostgreSQL and Redis. It is skipped, with the reason, where one is missing; never under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EdgeFactAttribute : FactAttribute
{
    public EdgeFactAttribute()
    {
        var missing = new[] { NginxSite.Missing, PostgresServer.Missing, RedisServer.Missing }.OfType<string>().ToArray();
        if (missing.Length > 0 && !Suite.IsContinuousIntegration)
        {
            Skip = string.Join("; ", missing);
        }
    }
}
