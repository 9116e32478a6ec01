using System.Runtime.InteropServices;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Acme.Shop.Core;

/// <summary>On SIGTERM, reports "not ready" and stops after the delay. A second signal stops immediately.</summary>
public sealed class DelayedShutdown(
    IOptions<ServerOptions> options, IHostApplicationLifetime lifetime, ILogger<DelayedShutdown> logger)
    : IHostLifetime, IHealthCheck, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _signalCount;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM];
        _signals.AddRange(signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_signalCount == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());

    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    private async void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signalCount) == 1)
        {
            logger.LogInformation(
                "The shutdown begins in {Seconds} s. Until then requests are served.", options.Value.ShutdownDelaySeconds);
            await Task.Delay(TimeSpan.FromSeconds(options.Value.ShutdownDelaySeconds));
        }

        lifetime.StopApplication();
    }
}
