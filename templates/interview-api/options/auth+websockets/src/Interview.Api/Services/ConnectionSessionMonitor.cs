using System.Globalization;
using System.Net.WebSockets;
using System.Security.Claims;
using InterviewApi.Core.Realtime;
using InterviewApi.Core.Security;
using InterviewApi.Repositories;
using Microsoft.Extensions.Options;

namespace InterviewApi.Services;

/// <summary>
/// Closes connections whose access token has expired or whose session has ended. One query covers the sessions of all
/// connections. While the database is unavailable, it closes connections only for expired tokens.
/// </summary>
public sealed class ConnectionSessionMonitor(
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
                var now = time.GetUtcNow().ToUnixTimeSeconds();
                Close(connections.Find(connection => ExpirationOf(connection) <= now), "token expired");
                await CloseEndedAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(exception, "The sessions of open connections could not be checked.");
            }
        }
    }

    private async Task CloseEndedAsync(CancellationToken cancellationToken)
    {
        var bySession = connections.Find(_ => true).ToLookup(connection => connection.Principal.GetSessionId());
        if (bySession.Count > 0)
        {
            await using var scope = scopes.CreateAsyncScope();
            var accounts = scope.ServiceProvider.GetRequiredService<AccountRepository>();
            var ids = bySession.Select(session => session.Key).ToArray();
            var ended = ids.Except(await accounts.FindSessionIdsAsync(ids, cancellationToken));
            Close(ended.SelectMany(id => bySession[id]), "session ended");
        }
    }

    private static void Close(IEnumerable<SocketConnection> connections, string reason)
    {
        foreach (var connection in connections)
        {
            connection.Close(WebSocketCloseStatus.PolicyViolation, reason);
        }
    }

    private static long ExpirationOf(SocketConnection connection) =>
        long.Parse(connection.Principal.FindFirstValue("exp")!, CultureInfo.InvariantCulture);
}
