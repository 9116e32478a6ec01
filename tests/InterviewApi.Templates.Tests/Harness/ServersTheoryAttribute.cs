namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A theory whose rows need PostgreSQL and Redis. It is skipped, with the reason, where they are missing; never under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServersTheoryAttribute : TheoryAttribute
{
    public ServersTheoryAttribute() => Skip = Suite.ReasonToSkip(PostgresServer.Missing, RedisServer.Missing);
}
