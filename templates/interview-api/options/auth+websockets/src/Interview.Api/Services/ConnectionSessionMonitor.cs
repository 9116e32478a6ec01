using System.Net.WebSockets;
using System.Security.Claims;
using InterviewApi.Core.Realtime;
using InterviewApi.Core.Security;
using InterviewApi.Repositories;

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
                connections.Close(client => ExpirationOf(client) <= now, WebSocketCloseStatus.PolicyViolation, "token expired");
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
        var ids = connections.Find(_ => true).Select(client => client.Principal.GetSessionId()).Distinct().ToArray();
        if (ids.Length > 0)
        {
            await using var scope = scopes.CreateAsyncScope();
            var accounts = scope.ServiceProvider.GetRequiredService<AccountRepository>();
            var ended = ids.Except(await accounts.FindSessionIdsAsync(ids, cancellationToken)).ToHashSet();
            connections.Close(
                client => ended.Contains(client.Principal.GetSessionId()), WebSocketCloseStatus.PolicyViolation, "session ended");
        }
    }

    private static long ExpirationOf(SocketConnection connection) =>
        long.Parse(connection.Principal.FindFirstValue("exp")!, CultureInfo.InvariantCulture);
}
