using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Acme.Shop.Core.Redis;

/// <summary>Degraded while Redis does not answer: the API works without it, with less comfort.</summary>
public sealed class RedisHealthCheck(RedisConnection redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var reply = await redis.TryAsync(0, static (database, _) => database.PingAsync());
        return reply.IsAnswered ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus);
    }
}
