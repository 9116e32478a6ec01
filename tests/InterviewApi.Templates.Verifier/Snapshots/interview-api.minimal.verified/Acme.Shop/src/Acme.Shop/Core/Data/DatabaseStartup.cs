using System.Data.Common;

namespace Acme.Shop.Core.Data;

/// <summary>Creates the schema of this version in an empty database.</summary>
public static class DatabaseStartup
{
    private const int MaxAttempts = 5;

    /// <summary>Creates the tables if there are none. An existing schema is left as it is.</summary>
    public static async Task PrepareDatabaseAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await database.EnsureCreatedAsync(app.Lifetime.ApplicationStopping);
                return;
            }
            catch (DbException) when (attempt < MaxAttempts)
            {
                // Another instance that starts at the same time may have been first; then there is nothing left to do.
                await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), app.Lifetime.ApplicationStopping);
            }
        }
    }
}
