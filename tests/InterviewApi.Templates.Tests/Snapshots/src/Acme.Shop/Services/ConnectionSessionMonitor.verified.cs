using System.Net.WebSockets;
using Acme.Shop.Core.Realtime;
using Acme.Shop.Core.Security;
using Acme.Shop.Repositories;

namespace Acme.Shop.Services;

/// <summary>Closes connections whose session has ended. One query covers all connections.</summary>
public sealed class ConnectionSessionMonitor(
    ConnectionManager connections, IServiceScopeFactory scopes, IOptions<RealtimeOptions> options,
    ILogger<ConnectionSessionMonitor> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.SessionCheckSeconds));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
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
        var ids = connections.Find(_ => true).Select(SessionOf).Distinct().ToArray();
        if (ids.Length > 0)
        {
            await using var scope = scopes.CreateAsyncScope();
            var accounts = scope.ServiceProvider.GetRequiredService<AccountRepository>();
            var ended = ids.Except(await accounts.FindSessionIdsAsync(ids, cancellationToken)).ToHashSet();
            connections.Close(client => ended.Contains(SessionOf(client)), WebSocketCloseStatus.PolicyViolation, "session ended");
        }
    }

    private static string SessionOf(SocketConnection connection) => new CurrentUser(connection.Principal).SessionId;
}
