using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Acme.Shop.Core.Data;

/// <summary>Tells what is wrong with the database from what is wrong with a request.</summary>
public static class DatabaseErrors
{
    /// <summary>
    /// Whether the file is locked for too long, or cannot be opened, read or written now. The same request may succeed
    /// later.
    /// </summary>
    public static bool IsAway(Exception exception) => exception switch
    {
        SqliteException { SqliteErrorCode: SQLITE_BUSY or SQLITE_LOCKED or SQLITE_IOERR or SQLITE_FULL or SQLITE_CANTOPEN }
            => true,
        { InnerException: { } inner } => IsAway(inner),
        _ => false,
    };
}
