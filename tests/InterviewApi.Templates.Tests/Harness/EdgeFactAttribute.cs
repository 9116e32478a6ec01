namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A test that needs nginx, PostgreSQL and Redis. It is skipped, with the reason, where one is missing; never under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EdgeFactAttribute : FactAttribute
{
    public EdgeFactAttribute() => Skip = Suite.ReasonToSkip(NginxSite.Missing, PostgresServer.Missing, RedisServer.Missing);
}
