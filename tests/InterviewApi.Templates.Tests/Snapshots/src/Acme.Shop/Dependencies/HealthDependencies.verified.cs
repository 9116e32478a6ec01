using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Acme.Shop.Dependencies;

/// <summary>Probes for an orchestrator or a load balancer.</summary>
public static class HealthDependencies
{
    public const string PathPrefix = "/health";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static void AddHealth(this IServiceCollection services)
    {
        var checks = services.AddHealthChecks();
        checks.AddCheck<PromptHealthCheck<DatabaseHealthCheck>>("database", HealthStatus.Unhealthy, tags: [], Timeout);
@@ migrations=true
        checks.AddCheck<PromptHealthCheck<MigrationHealthCheck>>("migrations", HealthStatus.Unhealthy, tags: [], Timeout);
@@ always
    }

    /// <summary>Serves <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup(PathPrefix).DisableHttpMetrics().DisableValidation();
        health.WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));
@@ rate-limiting=true
        health.DisableRateLimiting();
@@ always

        // Liveness runs no checks: a broken database is no reason to restart the process. Nothing after routing runs for
        // it: what could end the request, such as authentication, must not decide whether the process is alive.
        health.MapHealthChecks("/live", new() { Predicate = _ => false, ResponseWriter = WriteReport }).ShortCircuit();
        health.MapHealthChecks("/ready", new() { ResponseWriter = WriteReport });
    }

    private static Task WriteReport(HttpContext context, HealthReport report)
    {
        var checks = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString());
        return context.Response.WriteAsJsonAsync(new { Status = report.Status.ToString(), Checks = checks });
    }

    /// <summary>A check that ends at its timeout. A driver that ignores it while it connects goes on in its own scope.</summary>
    private sealed class PromptHealthCheck<TCheck>(IServiceScopeFactory scopes) : IHealthCheck
        where TCheck : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            CheckAsync(context, cancellationToken).WaitAsync(cancellationToken);

        private async Task<HealthCheckResult> CheckAsync(HealthCheckContext context, CancellationToken cancellationToken)
        {
            await using var scope = scopes.CreateAsyncScope();
            var check = ActivatorUtilities.CreateInstance<TCheck>(scope.ServiceProvider);
            return await check.CheckHealthAsync(context, cancellationToken);
        }
    }
}
