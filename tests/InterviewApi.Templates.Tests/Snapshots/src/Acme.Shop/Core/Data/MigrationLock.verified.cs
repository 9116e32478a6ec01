using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Sqlite.Migrations.Internal;

namespace Acme.Shop.Core.Data;

#pragma warning disable EF1001 // EF Core has no public setting for the wait.
/// <summary>Bounds the wait for the migration lock: a killed process leaves its row behind, and EF Core waits forever.</summary>
public sealed class MigrationLock(HistoryRepositoryDependencies dependencies)
    : SqliteHistoryRepository(dependencies)
{
    /// <exception cref="TimeoutException">The lock was not released in time.</exception>
    public override async Task<IMigrationsDatabaseLock> AcquireDatabaseLockAsync(CancellationToken cancellationToken = default)
    {
        var seconds = Dependencies.CurrentContext.Context.GetService<IOptions<SqliteOptions>>().Value.MigrationLockSeconds;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            return await base.AcquireDatabaseLockAsync(waiting.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"Another process has held the migration lock for {seconds} s. If none is migrating, one was killed: " +
                $"delete its lock with DELETE FROM \"{LockTableName}\", and migrate again.");
        }
    }
}
