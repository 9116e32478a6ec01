using System.Diagnostics.Metrics;
using System.Security.Claims;

namespace InterviewApi.Core.Security;

/// <summary>What the security log records. <c>docs/accounts.md</c> explains each event; the numbers never change.</summary>
public enum SecurityEvent
{
    Registered = 1001,
    LoginSucceeded = 1002,
    LoginFailed = 1003,
    Refreshed = 1004,
    RefreshRepeated = 1005,
    RefreshFailed = 1006,
    RefreshTokenReused = 1007,
    LoggedOut = 1008,
    SessionsRevoked = 1009,
    AccessTokenRefused = 1010,
    PasswordQueueFull = 1011,
    LoggedOutEverywhere = 1012,
    AccessDenied = 1013,
    RoleChanged = 1014,
    AccountDisabled = 1015,
    AccountEnabled = 1016,
    PasswordChanged = 1017,
    PasswordChangeFailed = 1018,
    PasswordResetRequested = 1019,
    PasswordReset = 1020,
    PasswordResetFailed = 1021,
}

/// <summary>Logs security events, without request text, which could forge a log line. Failures are also a metric.</summary>
public sealed class SecurityLog(ILogger<SecurityLog> logger, IHttpContextAccessor http)
{
    private static readonly Counter<long> Failures = Telemetry.Meter.CreateCounter<long>(
        "auth.failures", "{failure}", "Refused passwords and tokens, by reason.");

    public void Write(SecurityEvent securityEvent, ClaimsPrincipal user) =>
        Write(securityEvent, Guid.TryParse(user.FindFirstValue("sub"), out var id) ? id : null);

    /// <param name="userId">Null if the user is not known, or if no account has the user name.</param>
    public void Write(SecurityEvent securityEvent, Guid? userId = null, string? sessionId = null)
    {
        if (ReasonOf(securityEvent) is { } reason)
        {
            Failures.Add(1, new KeyValuePair<string, object?>("auth.failure.reason", reason));
        }

        logger.Log(
            securityEvent == SecurityEvent.RefreshTokenReused ? LogLevel.Warning : LogLevel.Information,
            new EventId((int)securityEvent, securityEvent.ToString()),
            "{Event} from {Address}: user {UserId}, session {SessionId}.", securityEvent,
            http.HttpContext?.Connection.RemoteIpAddress, userId, sessionId);
    }

    private static string? ReasonOf(SecurityEvent securityEvent) => securityEvent switch
    {
        SecurityEvent.LoginFailed or SecurityEvent.PasswordChangeFailed => "password",
        SecurityEvent.PasswordResetFailed => "reset_token",
        SecurityEvent.RefreshFailed => "refresh_token",
        SecurityEvent.RefreshTokenReused => "refresh_token_reused",
        SecurityEvent.AccessTokenRefused => "access_token",
        SecurityEvent.PasswordQueueFull => "password_queue_full",
        SecurityEvent.AccessDenied => "role",
        _ => null,
    };
}
