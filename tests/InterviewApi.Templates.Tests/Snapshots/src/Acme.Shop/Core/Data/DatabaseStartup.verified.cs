using System.Data.Common;
@@ migrations=true
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
@@ always
using Microsoft.EntityFrameworkCore.Storage;
@@ migrations=true
using Microsoft.Extensions.Diagnostics.HealthChecks;
@@ always

namespace Acme.Shop.Core.Data;

@@ migrations=true
/// <summary>Migrates the database to the schema of this version.</summary>
@@ migrations=false
/// <summary>Creates the schema of this version in an empty database.</summary>
@@ always
public static class DatabaseStartup
{
@@ migrations=true
    /// <value>The commands and their arguments.</value>
    public static IReadOnlyList<string> Forms { get; } = ["migrate", "migrate list", "migrate script [FROM] [TO]", "migrate to NAME"];

    /// <summary>
    /// Applies pending migrations, or those <c>to NAME</c>. <c>list</c> shows all; <c>script [FROM] [TO]</c> writes the SQL of
    /// pending ones, or of those between two names.
    /// </summary>
    /// <returns>Whether it succeeded. The reason for a failure is logged.</returns>
    // A database lock lets one process migrate at a time. Only the settings of the database are needed.
    public static Task<bool> MigrateAsync(this WebApplication app, params string[] verb) =>
        RunAsync(app, (db, cancellationToken) => verb.TakeWhile(part => !part.StartsWith("--", StringComparison.Ordinal)).ToArray() switch
        {
            [] => ApplyAsync(app, db, cancellationToken),
            ["list"] => WriteListAsync(db, cancellationToken),
            ["script"] => WriteScriptAsync(db, null, null, cancellationToken),
            ["script", { Length: > 0 } from] => WriteScriptAsync(db, from, null, cancellationToken),
            ["script", { Length: > 0 } from, { Length: > 0 } to] => WriteScriptAsync(db, from, to, cancellationToken),
            ["to", { Length: > 0 } name] => db.Database.MigrateAsync(name, cancellationToken),
            _ => throw new InvalidOperationException($"The forms are: {string.Join(", ", Forms)}."),
        });
@@ migrations=false
    private const int MaxAttempts = 5;
@@ always

@@ migrations=true
    /// <summary>Migrates at startup in Development only. Elsewhere, migration is a deployment step.</summary>
@@ migrations=false
    /// <summary>Creates the tables if there are none. An existing schema is not changed.</summary>
@@ always
    /// <returns>Whether the application can start. The reason for a failure is logged.</returns>
@@ migrations=true
    public static async Task<bool> PrepareDatabaseAsync(this WebApplication app) =>
        !app.Environment.IsDevelopment() || await app.MigrateAsync();

    /// <summary>Applies the pending migrations.</summary>
    public static Task CreateTablesAsync(AppDbContext db, CancellationToken cancellationToken = default) =>
        db.Database.MigrateAsync(cancellationToken);

    private static async Task ApplyAsync(WebApplication app, AppDbContext db, CancellationToken cancellationToken)
    {
        var pending = await db.Database.GetPendingMigrationsAsync(cancellationToken);
        await CreateTablesAsync(db, cancellationToken);
        app.Logger.LogInformation("The database is up to date; {Count} migrations were applied.", pending.Count());
    }

    private static async Task WriteListAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var pending = await db.Database.GetPendingMigrationsAsync(cancellationToken);
        foreach (var migration in db.Database.GetMigrations())
        {
            Console.WriteLine(pending.Contains(migration) ? $"{migration} (pending)" : migration);
        }
    }

    private static async Task WriteScriptAsync(AppDbContext db, string? from, string? to, CancellationToken cancellationToken)
    {
        from ??= (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).LastOrDefault();
@@ database=postgres migrations=true
        Console.WriteLine(db.GetService<IMigrator>().GenerateScript(from, to, MigrationsSqlGenerationOptions.Idempotent));
@@ database=sqlite migrations=true
        Console.WriteLine(db.GetService<IMigrator>().GenerateScript(from, to));
@@ migrations=true
    }

    private static async Task<bool> RunAsync(WebApplication app, Func<AppDbContext, CancellationToken, Task> action)
@@ migrations=false
    public static async Task<bool> PrepareDatabaseAsync(this WebApplication app)
@@ always
    {
@@ migrations=true
        // Release the lock on SIGINT and SIGTERM. The host, which handles both, is not running yet.
        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
@@ always
        await using var scope = app.Services.CreateAsyncScope();
@@ migrations=true
        var dataSource = "";
        try
        {
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            dataSource = db.Database.GetDbConnection().DataSource;
@@ database=postgres migrations=true

            // A migration may rewrite a large table.
            db.Database.SetCommandTimeout(TimeSpan.FromHours(12));
@@ migrations=true
            await action(db, interrupted.Token);
            return true;
        }
        catch (OptionsValidationException exception)
        {
            OptionsExtensions.Report(exception);
            return false;
        }
        catch (Exception exception) when (exception is DbException or RetryLimitExceededException
            or InvalidOperationException or TimeoutException or OperationCanceledException)
        {
            app.Logger.LogCritical("The database {DataSource} could not be migrated: {Reason}", dataSource, ReasonOf(exception));
            return false;
        }
@@ migrations=false
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
@@ always

@@ migrations=true
        void Cancel(PosixSignalContext signal)
@@ migrations=false
        for (var attempt = 1; ; attempt++)
@@ always
        {
@@ migrations=true
            signal.Cancel = true;
            interrupted.Cancel();
@@ migrations=false
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
@@ always
        }
    }
@@ migrations=false

    /// <summary>Creates the tables if there are none.</summary>
    public static Task CreateTablesAsync(AppDbContext db, CancellationToken cancellationToken = default) =>
        db.Database.EnsureCreatedAsync(cancellationToken);
@@ always

    // The innermost exceptions contain the cause, such as "Failed to connect to 127.0.0.1:5432: Connection refused".
    private static string ReasonOf(Exception exception) => exception switch
    {
@@ migrations=true
        OperationCanceledException => "The process received a stop signal.",
@@ always
        { InnerException: { } inner } and not DbException => ReasonOf(inner),
        { InnerException: { } inner } when inner.Message != exception.Message => $"{exception.Message}: {inner.Message}",
        _ => exception.Message,
    };
}
@@ migrations=true

/// <summary>Unhealthy while the database lacks a migration, so that a rollout stops before it serves errors.</summary>
public sealed class MigrationHealthCheck(AppDbContext db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any()
            ? new HealthCheckResult(context.Registration.FailureStatus)
            : HealthCheckResult.Healthy();
}
