using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;

namespace InterviewApi.Core.Data;

/// <summary>Creates the schema of this version in an empty database.</summary>
public static class DatabaseStartup
{
    private const int MaxAttempts = 5;

    /// <summary>Creates the tables if there are none. An existing schema is not changed.</summary>
    /// <returns>Whether the application can start. The reason for a failure is logged.</returns>
    public static async Task<bool> PrepareDatabaseAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await CreateTablesAsync(db);
                return true;
            }
            catch (DbException) when (attempt < MaxAttempts)
            {
                // Another instance may have created them at the same time; then the next attempt does nothing.
                await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt));
            }
            catch (Exception exception) when (exception
                is DbException or RetryLimitExceededException or InvalidOperationException or TimeoutException)
            {
                app.Logger.LogCritical(
                    "The tables could not be created in {DataSource}: {Reason}",
                    db.Database.GetDbConnection().DataSource, ReasonOf(exception));
                return false;
            }
        }
    }

    /// <summary>Creates the tables if there are none.</summary>
    public static Task CreateTablesAsync(AppDbContext db, CancellationToken cancellationToken = default) =>
        db.Database.EnsureCreatedAsync(cancellationToken);

    // The innermost exceptions contain the cause, such as "Failed to connect to 127.0.0.1:5432: Connection refused".
    private static string ReasonOf(Exception exception) => exception switch
    {
        { InnerException: { } inner } and not DbException => ReasonOf(inner),
        { InnerException: { } inner } when inner.Message != exception.Message => $"{exception.Message}: {inner.Message}",
        _ => exception.Message,
    };
}
