using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;

namespace InterviewApi.Core.Data;

/// <summary>Brings the database to the schema of this version.</summary>
public static partial class DatabaseStartup
{
    /// <summary>Applies the pending migrations. A lock in the database lets one process migrate at a time.</summary>
    /// <returns>Whether the database is up to date; otherwise the reason was logged.</returns>
    public static async Task<bool> MigrateAsync(this WebApplication app)
    {
        // Ctrl+C and a stopping container release the lock. The host, which handles both, does not run yet.
        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        try
        {
            var pending = await db.Database.GetPendingMigrationsAsync(interrupted.Token);
            await CreateTablesAsync(db, interrupted.Token);
            LogApplied(app.Logger, pending.Count());
            return true;
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException or TimeoutException)
        {
            LogReason(app.Logger, db.Database.GetDbConnection().DataSource, ReasonOf(exception));
        }
        catch (OperationCanceledException)
        {
            LogReason(app.Logger, db.Database.GetDbConnection().DataSource, "The process was told to stop.");
        }

        return false;

        void Cancel(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }

    /// <summary>Migrates at start in Development only: elsewhere it is a step of the deployment.</summary>
    /// <returns>Whether the application can start; otherwise the reason was logged.</returns>
    public static async Task<bool> PrepareDatabaseAsync(this WebApplication app) =>
        !app.Environment.IsDevelopment() || await app.MigrateAsync();

    /// <summary>Applies the pending migrations.</summary>
    public static Task CreateTablesAsync(AppDbContext db, CancellationToken cancellationToken = default)
    {
#if (UsePostgres)
        // A migration may rewrite a large table.
        db.Database.SetCommandTimeout(TimeSpan.FromHours(12));
#endif
        return db.Database.MigrateAsync(cancellationToken);
    }

    // The innermost exceptions say what went wrong, such as "Failed to connect to 127.0.0.1:5432: Connection refused".
    private static string ReasonOf(Exception exception) => exception switch
    {
        { InnerException: { } inner } and not DbException => ReasonOf(inner),
        { InnerException: { } inner } when inner.Message != exception.Message => $"{exception.Message}: {inner.Message}",
        _ => exception.Message,
    };

    [LoggerMessage(LogLevel.Information, "The database is up to date; {Count} migrations were applied.")]
    private static partial void LogApplied(ILogger logger, int count);

    [LoggerMessage(LogLevel.Critical, "The migrations could not be applied to {DataSource}: {Reason}")]
    private static partial void LogReason(ILogger logger, string dataSource, string reason);
}
