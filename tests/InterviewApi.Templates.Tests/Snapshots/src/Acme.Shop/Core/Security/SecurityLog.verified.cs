using System.Diagnostics.Metrics;
using System.Security.Claims;

namespace Acme.Shop.Core.Security;

@@ auth=jwt|none
/// <summary>What the security log records. <c>docs/accounts.md</c> explains each event; the numbers never change.</summary>
@@ auth=oidc|none
/// <summary>What the security log records. The numbers never change.</summary>
@@ always
public enum SecurityEvent
{
@@ auth=jwt|none
    Registered = 1001,
    LoginSucceeded = 1002,
    LoginFailed = 1003,
    Refreshed = 1004,
    RefreshRepeated = 1005,
    RefreshFailed = 1006,
    RefreshTokenReused = 1007,
    LoggedOut = 1008,
    SessionsRevoked = 1009,
@@ always
    AccessTokenRefused = 1010,
@@ auth=jwt|none
    PasswordQueueFull = 1011,
    LoggedOutEverywhere = 1012,
@@ always
    AccessDenied = 1013,
@@ auth=jwt|none
    RoleChanged = 1014,
    AccountDisabled = 1015,
    AccountEnabled = 1016,
    PasswordChanged = 1017,
    PasswordChangeFailed = 1018,
    PasswordResetRequested = 1019,
    PasswordReset = 1020,
    PasswordResetFailed = 1021,
@@ always
}

@@ auth=jwt|none
/// <summary>Logs security events, without request text, which could forge a log line. Failures are also a metric.</summary>
@@ auth=oidc|none
/// <summary>Logs and counts security events, without request text, which could forge a log line.</summary>
@@ always
public sealed class SecurityLog(ILogger<SecurityLog> logger, IHttpContextAccessor http)
{
    private static readonly Counter<long> Failures = Telemetry.Meter.CreateCounter<long>(
@@ auth=jwt|none
        "auth.failures", "{failure}", "Refused passwords and tokens, by reason.");

    public void Write(SecurityEvent securityEvent, ClaimsPrincipal user) =>
        Write(securityEvent, Guid.TryParse(user.FindFirstValue("sub"), out var id) ? id : null);
@@ auth=oidc|none
        "auth.failures", "{failure}", "Refused tokens and requests, by reason.");
@@ always

@@ auth=jwt|none
    /// <param name="userId">Null if the user is not known, or if no account has the user name.</param>
    public void Write(SecurityEvent securityEvent, Guid? userId = null, string? sessionId = null)
@@ auth=oidc|none
    /// <param name="user">Null if the user is not known.</param>
    public void Write(SecurityEvent securityEvent, ClaimsPrincipal? user = null)
@@ always
    {
@@ auth=jwt|none
        if (ReasonOf(securityEvent) is { } reason)
        {
            Failures.Add(1, new KeyValuePair<string, object?>("auth.failure.reason", reason));
        }

@@ auth=oidc|none
        var reason = securityEvent == SecurityEvent.AccessDenied ? "role" : "access_token";
        Failures.Add(1, new KeyValuePair<string, object?>("auth.failure.reason", reason));
@@ always
        logger.Log(
@@ auth=jwt|none
            securityEvent == SecurityEvent.RefreshTokenReused ? LogLevel.Warning : LogLevel.Information,
@@ auth=oidc|none
            LogLevel.Information,
@@ always
            new EventId((int)securityEvent, securityEvent.ToString()),
@@ auth=jwt|none
            "{Event} from {Address}: user {UserId}, session {SessionId}.", securityEvent,
            http.HttpContext?.Connection.RemoteIpAddress, userId, sessionId);
@@ auth=oidc|none
            "{Event} from {Address}: user {UserId}.",
            securityEvent,
            http.HttpContext?.Connection.RemoteIpAddress,
            user?.FindFirstValue("sub"));
@@ always
    }
@@ auth=jwt|none

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
@@ always
}
