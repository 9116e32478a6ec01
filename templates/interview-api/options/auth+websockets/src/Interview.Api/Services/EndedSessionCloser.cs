using System.Net.WebSockets;
using InterviewApi.Core.Configuration;
using InterviewApi.Core.Realtime;
using InterviewApi.Repositories;
using Microsoft.Extensions.Options;

namespace InterviewApi.Services;

/// <summary>
/// Closes connections that have outlived their token or their session. One query asks for the sessions of all
/// connections. While the database is away, connections end with their tokens only.
/// </summary>
public sealed partial class EndedSessionCloser(
    ConnectionHub hub,
    IServiceScopeFactory scopes,
    IOptions<RealtimeOptions> options,
    TimeProvider time,
    ILogger<EndedSessionCloser> logger) : BackgroundService
{
    private static readonly CloseReason TokenExpired = new(WebSocketCloseStatus.PolicyViolation, "token expired");
    private static readonly CloseReason SessionEnded = new(WebSocketCloseStatus.PolicyViolation, "session ended");

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
        var now = time.GetUtcNow();
        foreach (var connection in hub.Find(connection => connection.Token!.ExpiresAt <= now))
        {
            connection.Close(TokenExpired);
        }
    }

    private async Task CloseEndedAsync(CancellationToken cancellationToken)
    {
        var bySession = hub.Find(_ => true).ToLookup(connection => connection.Token!.SessionId);
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
            connection.Close(SessionEnded);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The sessions of open connections could not be checked.")]
    private partial void LogNotChecked(Exception exception);
}
