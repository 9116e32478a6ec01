using System.Diagnostics.Metrics;
using System.Net;

namespace InterviewApi.Core.Security;

/// <summary>
/// Security events with stable event ids; <c>docs/accounts.md</c> lists them. They contain user ids, session ids and
/// client addresses, but no secrets and no request text, which could forge a log line. Failures are also a metric.
/// </summary>
public sealed partial class SecurityLog(ILogger<SecurityLog> logger, IHttpContextAccessor http)
{
    private static readonly Counter<long> Failures = Telemetry.Meter.CreateCounter<long>(
        "auth.failures", "{failure}", "Refused passwords and tokens, by reason.");

    private IPAddress? Address => http.HttpContext?.Connection.RemoteIpAddress;

    public void Registered(Guid userId) => LogRegistered(userId, Address);

    public void LoginSucceeded(Guid userId, string sessionId) => LogLoginSucceeded(userId, sessionId, Address);

    /// <param name="userId">Null if no account has the user name.</param>
    public void LoginFailed(Guid? userId)
    {
        Count("password");
        LogLoginFailed(userId, Address);
    }

    public void Refreshed(Guid userId, string sessionId) => LogRefreshed(userId, sessionId, Address);

    public void RefreshRepeated(Guid userId, string sessionId) => LogRefreshRepeated(userId, sessionId, Address);

    public void RefreshFailed()
    {
        Count("refresh_token");
        LogRefreshFailed(Address);
    }

    public void RefreshTokenReused(Guid userId, string sessionId)
    {
        Count("refresh_token_reused");
        LogRefreshTokenReused(userId, sessionId, Address);
    }

    public void LoggedOut(Guid userId, string sessionId) => LogLoggedOut(userId, sessionId, Address);

    public void SessionsRevoked(Guid userId, int count) => LogSessionsRevoked(userId, count, Address);

    public void AccessTokenRefused()
    {
        Count("access_token");
        LogAccessTokenRefused(Address);
    }

    public void PasswordQueueFull()
    {
        Count("password_queue_full");
        LogPasswordQueueFull(Address);
    }

    private static void Count(string reason) =>
        Failures.Add(1, new KeyValuePair<string, object?>("auth.failure.reason", reason));

    [LoggerMessage(1001, LogLevel.Information, "User {UserId} registered from {Address}.", EventName = "Registered")]
    private partial void LogRegistered(Guid userId, IPAddress? address);

    [LoggerMessage(1002, LogLevel.Information, "User {UserId} logged in from {Address}: session {SessionId}.", EventName = "LoginSucceeded")]
    private partial void LogLoginSucceeded(Guid userId, string sessionId, IPAddress? address);

    [LoggerMessage(1003, LogLevel.Information, "A login of user {UserId} from {Address} failed.", EventName = "LoginFailed")]
    private partial void LogLoginFailed(Guid? userId, IPAddress? address);

    [LoggerMessage(1004, LogLevel.Information, "User {UserId} refreshed session {SessionId} from {Address}.", EventName = "Refreshed")]
    private partial void LogRefreshed(Guid userId, string sessionId, IPAddress? address);

    [LoggerMessage(1005, LogLevel.Information, "User {UserId} repeated the last refresh of session {SessionId} from {Address}.", EventName = "RefreshRepeated")]
    private partial void LogRefreshRepeated(Guid userId, string sessionId, IPAddress? address);

    [LoggerMessage(1006, LogLevel.Information, "An invalid or expired refresh token was sent from {Address}.", EventName = "RefreshFailed")]
    private partial void LogRefreshFailed(IPAddress? address);

    [LoggerMessage(1007, LogLevel.Warning, "A refresh token of user {UserId} was reused from {Address}: session {SessionId} is revoked.", EventName = "RefreshTokenReused")]
    private partial void LogRefreshTokenReused(Guid userId, string sessionId, IPAddress? address);

    [LoggerMessage(1008, LogLevel.Information, "User {UserId} logged out of session {SessionId} from {Address}.", EventName = "LoggedOut")]
    private partial void LogLoggedOut(Guid userId, string sessionId, IPAddress? address);

    [LoggerMessage(1009, LogLevel.Information, "User {UserId} logged in from {Address} beyond the session limit: {Count} revoked.", EventName = "SessionsRevoked")]
    private partial void LogSessionsRevoked(Guid userId, int count, IPAddress? address);

    [LoggerMessage(1010, LogLevel.Information, "An access token from {Address} was refused.", EventName = "AccessTokenRefused")]
    private partial void LogAccessTokenRefused(IPAddress? address);

    [LoggerMessage(1011, LogLevel.Information, "A request from {Address} was refused: the password queue is full.", EventName = "PasswordQueueFull")]
    private partial void LogPasswordQueueFull(IPAddress? address);
}
