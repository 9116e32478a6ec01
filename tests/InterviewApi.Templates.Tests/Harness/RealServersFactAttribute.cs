namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A test that needs PostgreSQL and Redis. It is skipped, with the reason, where they are missing; never under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealServersFactAttribute : FactAttribute
{
    public RealServersFactAttribute() => Skip = Suite.ReasonToSkip(PostgresServer.Missing, RedisServer.Missing);
}
