@@ database=postgres
using Npgsql;
@@ database=sqlite
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;
@@ always

namespace Acme.Shop.Core.Data;

/// <summary>Distinguishes a database that is unavailable from a fault of the application.</summary>
public static class DatabaseErrors
{
    /// <summary>
@@ database=postgres
    /// Whether the server cannot be reached, refuses the connection, does not accept writes, or cannot complete a
    /// command now. A later retry may succeed.
@@ database=sqlite
    /// Whether the file is locked for too long, the disk is full, or the file cannot be opened, read or written now. A
    /// later retry may succeed.
@@ always
    /// </summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
@@ database=postgres
        PostgresException { IsTransient: true } => true,
        PostgresException postgres => IsUnavailable(postgres.SqlState),
        NpgsqlException { IsTransient: true } => true,
@@ database=sqlite
        SqliteException sqlite => sqlite.SqliteErrorCode is SQLITE_BUSY or SQLITE_LOCKED or SQLITE_PROTOCOL
            or SQLITE_READONLY or SQLITE_PERM or SQLITE_CANTOPEN or SQLITE_IOERR or SQLITE_FULL or SQLITE_NOMEM,
@@ always
        { InnerException: { } inner } => IsUnavailable(inner),
        _ => false,
    };

    /// <summary>Whether a unique or foreign key constraint refused a change.</summary>
    public static bool IsConflict(Exception exception) => exception switch
    {
@@ database=postgres
        PostgresException postgres => postgres.SqlState is
            PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation,
@@ database=sqlite
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is SQLITE_CONSTRAINT_UNIQUE
            or SQLITE_CONSTRAINT_PRIMARYKEY or SQLITE_CONSTRAINT_FOREIGNKEY,
@@ always
        { InnerException: { } inner } => IsConflict(inner),
        _ => false,
@@ database=postgres
    };

    private static bool IsUnavailable(string state) => state switch
    {
        PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InvalidCatalogName => true,
        PostgresErrorCodes.InsufficientPrivilege => true,

        // A class of errors: connection, time limit of a transaction, authorization, rollback such as a deadlock,
        // resources such as memory or disk, operator such as a shutdown or a time limit, system such as the disk.
        _ => state[..2] is "08" or "28" or "40" or "53" or "57" or "58" || state is "25P03" or "25P04",
@@ always
    };
}
