using Acme.Shop.Core.Configuration;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Core.Realtime;

/// <summary>
/// Closes connections that have no subscription and were silent for too long. It looks ten times within the time that
/// they are allowed.
/// </summary>
public sealed class IdleConnectionCloser(ConnectionHub hub, IOptions<RealtimeOptions> options) : BackgroundService
{
    private readonly TimeSpan _limit = TimeSpan.FromSeconds(options.Value.IdleSeconds);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_limit / 10);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var connection in hub.Find(IsIdle))
            {
                connection.Close(CloseReason.Idle);
            }
        }
    }

    private bool IsIdle(SocketConnection connection) => connection.Channels.Count == 0 && connection.Silence > _limit;
}
