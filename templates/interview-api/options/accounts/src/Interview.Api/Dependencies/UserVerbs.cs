using System.Data.Common;
using InterviewApi.Core.Security;
using InterviewApi.Services;
using Microsoft.EntityFrameworkCore.Storage;

namespace InterviewApi.Dependencies;

/// <summary>The commands for whoever administers accounts.</summary>
public static partial class UserVerbs
{
    /// <summary>
    /// Runs <c>users promote NAME</c>, which makes a user an administrator, <c>users demote NAME</c>,
    /// <c>users disable NAME</c> or <c>users enable NAME</c>.
    /// </summary>
    /// <returns>Whether it succeeded. The reason for a failure is logged.</returns>
    public static async Task<bool> RunUsersAsync(this IHost app, params string[] verb)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserService>();
        var logger = scope.ServiceProvider.GetRequiredService<ILogger<UserService>>();
        try
        {
            var isFound = verb.TakeWhile(part => !part.StartsWith("--", StringComparison.Ordinal)).ToArray() switch
            {
                ["promote", var name] => await users.SetRoleAsync(name, CurrentUser.AdminRole, CancellationToken.None),
                ["demote", var name] => await users.SetRoleAsync(name, role: null, CancellationToken.None),
                ["disable", var name] => await users.SetDisabledAsync(name, isDisabled: true, CancellationToken.None),
                ["enable", var name] => await users.SetDisabledAsync(name, isDisabled: false, CancellationToken.None),
                _ => throw new InvalidOperationException("The forms are users promote, demote, disable and enable, each with a NAME."),
            };
            return isFound ? true : throw new InvalidOperationException($"No account has the name '{verb[1]}', or it is disabled.");
        }
        catch (Exception exception) when (exception is DbException or RetryLimitExceededException or InvalidOperationException)
        {
            LogReason(logger, exception.GetBaseException().Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Critical, "The command failed: {Reason}")]
    private static partial void LogReason(ILogger logger, string reason);
}
