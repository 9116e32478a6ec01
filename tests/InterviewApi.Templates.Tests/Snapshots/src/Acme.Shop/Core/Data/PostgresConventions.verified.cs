using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace Acme.Shop.Core.Data;

/// <summary>
/// Retries after a transient fault, such as a failover, up to three times. A change is also retried if it was committed
/// but the response was lost, so a change that must not happen twice needs an idempotency key.
/// </summary>
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
