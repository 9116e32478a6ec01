using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace InterviewApi.Dependencies;

/// <summary>Probes for an orchestrator or a load balancer.</summary>
public static class HealthDependencies
{
    public const string PathPrefix = "/health";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static void AddHealth(this IServiceCollection services)
    {
        var checks = services.AddHealthChecks();
        checks.AddCheck<DatabaseHealthCheck>("database", HealthStatus.Unhealthy, tags: [], Timeout);
#if (UseMigrations)
        checks.AddCheck<MigrationHealthCheck>("migrations", HealthStatus.Unhealthy, tags: [], Timeout);
#endif
    }

    /// <summary>Serves <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup(PathPrefix).DisableHttpMetrics().DisableValidation();
#if (UseRateLimiting)
        health.DisableRateLimiting();
#endif

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
}
