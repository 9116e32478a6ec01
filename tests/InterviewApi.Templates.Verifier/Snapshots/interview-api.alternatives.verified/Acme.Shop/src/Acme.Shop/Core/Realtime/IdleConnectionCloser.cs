using Acme.Shop.Core.Configuration;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Core.Realtime;

/// <summary>Looks for idle connections, ten times within the time that they are allowed.</summary>
public sealed class IdleConnectionCloser(ConnectionHub hub, IOptions<RealtimeOptions> options) : BackgroundService
{
    private readonly TimeSpan _limit = TimeSpan.FromSeconds(options.Value.IdleSeconds);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_limit / 10);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            hub.CloseIdle(_limit);
        }
    }
}
