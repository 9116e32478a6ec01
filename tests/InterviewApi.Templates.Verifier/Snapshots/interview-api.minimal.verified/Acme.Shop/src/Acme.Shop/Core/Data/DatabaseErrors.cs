using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Acme.Shop.Core.Data;

/// <summary>Distinguishes a database that is unavailable from a fault of the application.</summary>
public static class DatabaseErrors
{
    /// <summary>
    /// Whether the file is locked for too long, the disk is full, or the file cannot be opened, read or written now. A
    /// later retry may succeed.
    /// </summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is SQLITE_BUSY or SQLITE_LOCKED or SQLITE_PROTOCOL
            or SQLITE_READONLY or SQLITE_PERM or SQLITE_CANTOPEN or SQLITE_IOERR or SQLITE_FULL or SQLITE_NOMEM,
        { InnerException: { } inner } => IsUnavailable(inner),
        _ => false,
    };

    /// <summary>Whether a unique or foreign key constraint refused a change.</summary>
    public static bool IsConflict(Exception exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is SQLITE_CONSTRAINT_UNIQUE
            or SQLITE_CONSTRAINT_PRIMARYKEY or SQLITE_CONSTRAINT_FOREIGNKEY,
        { InnerException: { } inner } => IsConflict(inner),
        _ => false,
    };
}
