using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace InterviewApi.Core.Data;

/// <summary>Migrates the database to the schema of this version.</summary>
public static class DatabaseStartup
{
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

    /// <summary>Migrates at startup in Development only. Elsewhere, migration is a deployment step.</summary>
    /// <returns>Whether the application can start. The reason for a failure is logged.</returns>
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
#if (UsePostgres)
        Console.WriteLine(db.GetService<IMigrator>().GenerateScript(from, to, MigrationsSqlGenerationOptions.Idempotent));
#else
        Console.WriteLine(db.GetService<IMigrator>().GenerateScript(from, to));
#endif
    }

    private static async Task<bool> RunAsync(WebApplication app, Func<AppDbContext, CancellationToken, Task> action)
    {
        // Release the lock on SIGINT and SIGTERM. The host, which handles both, is not running yet.
        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        await using var scope = app.Services.CreateAsyncScope();
        var dataSource = "";
        try
        {
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            dataSource = db.Database.GetDbConnection().DataSource;
#if (UsePostgres)

            // A migration may rewrite a large table.
            db.Database.SetCommandTimeout(TimeSpan.FromHours(12));
#endif
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

        void Cancel(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }

    // The innermost exceptions contain the cause, such as "Failed to connect to 127.0.0.1:5432: Connection refused".
    private static string ReasonOf(Exception exception) => exception switch
    {
        OperationCanceledException => "The process received a stop signal.",
        { InnerException: { } inner } and not DbException => ReasonOf(inner),
        { InnerException: { } inner } when inner.Message != exception.Message => $"{exception.Message}: {inner.Message}",
        _ => exception.Message,
    };
}

/// <summary>Unhealthy while the database lacks a migration, so that a rollout stops before it serves errors.</summary>
public sealed class MigrationHealthCheck(AppDbContext db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any()
            ? new HealthCheckResult(context.Registration.FailureStatus)
            : HealthCheckResult.Healthy();
}
