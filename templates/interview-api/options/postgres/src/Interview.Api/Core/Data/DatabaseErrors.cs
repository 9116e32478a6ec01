using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;

namespace InterviewApi.Core.Data;

/// <summary>Tells what is wrong with the database from what is wrong with a request.</summary>
public static class DatabaseErrors
{
    /// <summary>Whether the server could not be reached or could not serve now. The same request may succeed later.</summary>
    public static bool IsAway(Exception exception) => exception switch
    {
        RetryLimitExceededException => true,
        DbException { IsTransient: true } => true,
        { InnerException: { } inner } => IsAway(inner),
        _ => false,
    };
}
