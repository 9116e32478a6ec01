using Microsoft.EntityFrameworkCore;

namespace Acme.Shop.Core.Data;

/// <summary>Brings the database to the schema of this version.</summary>
public static partial class DatabaseStartup
{
    /// <summary>Applies the migrations that are pending; a lock in the database keeps a second instance waiting.</summary>
    /// <returns>The exit code of the process: 0, or 1 after the reason was logged.</returns>
    public static async Task<int> MigrateAsync(this WebApplication app)
    {
        try
        {
            await ApplyMigrationsAsync(app);
            return 0;
        }
        catch (Exception exception)
        {
            LogFailure(app.Logger, exception);
            return 1;
        }
    }

    /// <summary>Migrates at start in Development only: elsewhere it is a step of the deployment.</summary>
    public static async Task PrepareDatabaseAsync(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            await ApplyMigrationsAsync(app);
        }
    }

    private static async Task ApplyMigrationsAsync(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        var pending = await database.GetPendingMigrationsAsync(app.Lifetime.ApplicationStopping);
        await database.MigrateAsync(app.Lifetime.ApplicationStopping);
        LogApplied(app.Logger, pending.Count());
    }

    [LoggerMessage(LogLevel.Information, "The database is up to date; {Count} migrations were applied.")]
    private static partial void LogApplied(ILogger logger, int count);

    [LoggerMessage(LogLevel.Critical, "The migrations could not be applied.")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
