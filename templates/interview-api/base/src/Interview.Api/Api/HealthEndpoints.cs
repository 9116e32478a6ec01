using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace InterviewApi.Api;

/// <summary>Probes for an orchestrator or a load balancer.</summary>
public static class HealthEndpoints
{
    private const string Prefix = "/health";

    /// <summary>Orchestrators and load balancers call the probes by address, so host filtering leaves them out.</summary>
    public static bool IsProbe(HttpRequest request) =>
        request.Path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup(Prefix);
#if (UseRateLimiting)
        health.DisableRateLimiting();
#endif

        // Liveness touches nothing: a broken database is no reason to restart the process.
        health.MapHealthChecks("/live", new HealthCheckOptions
        {
            Predicate = _ => false,
            ResponseWriter = WriteReport,
        });
        health.MapHealthChecks("/ready", new HealthCheckOptions
        {
            ResponseWriter = WriteReport,
        });
    }

    private static Task WriteReport(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(
            new
            {
                Status = report.Status.ToString(),
                Checks = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString()),
            },
            context.RequestAborted);
}
