using System.Globalization;
using System.Net.WebSockets;
using System.Security.Claims;
using Acme.Shop.Core.Realtime;
using Acme.Shop.Core.Security;
using Acme.Shop.Repositories;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Services;

/// <summary>
/// Closes connections whose access token has expired or whose session has ended. One query covers the sessions of all
/// connections. While the database is unavailable, it closes connections only for expired tokens.
/// </summary>
public sealed partial class ConnectionSessionMonitor(
    ConnectionManager connections,
    IServiceScopeFactory scopes,
    IOptions<RealtimeOptions> options,
    TimeProvider time,
    ILogger<ConnectionSessionMonitor> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.SessionCheckSeconds));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                CloseExpired();
                await CloseEndedAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotChecked(exception);
            }
        }
    }

    private void CloseExpired()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        foreach (var connection in connections.Find(connection => ExpirationOf(connection) <= now))
        {
            connection.Close(WebSocketCloseStatus.PolicyViolation, "token expired");
        }
    }

    private async Task CloseEndedAsync(CancellationToken cancellationToken)
    {
        var bySession = connections.Find(_ => true).ToLookup(connection => connection.Principal.GetSessionId());
        if (bySession.Count == 0)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var sessions = scope.ServiceProvider.GetRequiredService<SessionRepository>();
        var ids = bySession.Select(session => session.Key).ToArray();
        var ended = ids.Except(await sessions.FindExistingAsync(ids, cancellationToken));
        foreach (var connection in ended.SelectMany(id => bySession[id]))
        {
            connection.Close(WebSocketCloseStatus.PolicyViolation, "session ended");
        }
    }

    private static long ExpirationOf(SocketConnection connection) =>
        long.Parse(connection.Principal.FindFirstValue("exp")!, CultureInfo.InvariantCulture);

    [LoggerMessage(LogLevel.Warning, "The sessions of open connections could not be checked.")]
    private partial void LogNotChecked(Exception exception);
}
