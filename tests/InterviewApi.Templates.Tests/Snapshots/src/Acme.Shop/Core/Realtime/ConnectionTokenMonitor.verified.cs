using System.Net.WebSockets;
using System.Security.Claims;

namespace Acme.Shop.Core.Realtime;

/// <summary>Closes connections whose access token has expired.</summary>
public sealed class ConnectionTokenMonitor(
    ConnectionManager connections, IOptions<RealtimeOptions> options, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.SessionCheckSeconds));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = time.GetUtcNow().ToUnixTimeSeconds();
            connections.Close(client => ExpirationOf(client) <= now, WebSocketCloseStatus.PolicyViolation, "token expired");
        }
    }

    private static double ExpirationOf(SocketConnection connection) =>
        double.Parse(connection.Principal.FindFirstValue("exp")!, CultureInfo.InvariantCulture);
}
