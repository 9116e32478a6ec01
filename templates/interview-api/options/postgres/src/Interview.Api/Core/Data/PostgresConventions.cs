using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace InterviewApi.Core.Data;

/// <summary>Retries after a transient fault, such as a failover, up to three times.</summary>
// A change that was committed but whose response was lost is repeated too: to prevent that, use an idempotency key.
public sealed class TransientFaultRetries(ExecutionStrategyDependencies dependencies)
    : NpgsqlRetryingExecutionStrategy(dependencies, MaxRetries, MaxDelay, errorCodesToAdd: null)
{
    private const int MaxRetries = 3;
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    protected override bool ShouldRetryOn(Exception? exception)
    {
        // A migration changed a column that a prepared statement reads ("cached plan must not change result type"). Any
        // pooled connection may have that statement.
        if (exception is PostgresException { Routine: "RevalidateCachedQuery" })
        {
            Dependencies.CurrentContext.Context.GetService<NpgsqlDataSource>().Clear();
            return true;
        }

        // Timeouts are not retried: they would recur, and the client waits for all attempts together.
        return exception?.InnerException is not TimeoutException && base.ShouldRetryOn(exception);
    }
}

/// <summary>Stores times in UTC: the driver refuses any other offset, such as one that a client sent.</summary>
public sealed class StoredTimeConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(
    time => time.ToUniversalTime(),
    time => time);

/// <summary>Distinguishes a database that is unavailable from a fault of the application.</summary>
public static class DatabaseErrors
{
    /// <summary>Whether the server cannot be reached or cannot complete a command now. A later retry may succeed.</summary>
    public static bool IsUnavailable(Exception? exception) => exception switch
    {
        NpgsqlException { IsTransient: true } => true,
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InvalidCatalogName } => true,
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => true,

        // The time limits of a transaction.
        PostgresException { SqlState: "25P03" or "25P04" } => true,

        // A class of errors: connection, authorization, rollback such as a deadlock, resources such as memory or disk,
        // operator such as a shutdown or a time limit, system such as the disk.
        PostgresException postgres => postgres.SqlState[..2] is "08" or "28" or "40" or "53" or "57" or "58",
        _ => exception is not null && IsUnavailable(exception.InnerException),
    };

    /// <summary>Whether a unique or foreign key constraint refused a change.</summary>
    public static bool IsConflict(Exception? exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState is
            PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation,
        _ => exception is not null && IsConflict(exception.InnerException),
    };
}

/// <summary>Unhealthy while the server cannot be reached or does not accept writes, as a standby in recovery.</summary>
public sealed class DatabaseHealthCheck(AppDbContext db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await db.Database.SqlQuery<string>($"SHOW transaction_read_only").ToListAsync(cancellationToken) is ["off"]
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus);
}
