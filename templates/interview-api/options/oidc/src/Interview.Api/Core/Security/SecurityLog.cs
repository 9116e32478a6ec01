using System.Diagnostics.Metrics;
using System.Security.Claims;

namespace InterviewApi.Core.Security;

/// <summary>What the security log records. The numbers never change.</summary>
public enum SecurityEvent
{
    AccessTokenRefused = 1010,
    AccessDenied = 1013,
}

/// <summary>Logs and counts security events, without request text, which could forge a log line.</summary>
public sealed class SecurityLog(ILogger<SecurityLog> logger, IHttpContextAccessor http)
{
    private static readonly Counter<long> Failures = Telemetry.Meter.CreateCounter<long>(
        "auth.failures", "{failure}", "Refused tokens and requests, by reason.");

    /// <param name="user">Null if the user is not known.</param>
    public void Write(SecurityEvent securityEvent, ClaimsPrincipal? user = null)
    {
        var reason = securityEvent == SecurityEvent.AccessDenied ? "role" : "access_token";
        Failures.Add(1, new KeyValuePair<string, object?>("auth.failure.reason", reason));
        logger.Log(
            LogLevel.Information,
            new EventId((int)securityEvent, securityEvent.ToString()),
            "{Event} from {Address}: user {UserId}.",
            securityEvent,
            http.HttpContext?.Connection.RemoteIpAddress,
            user?.FindFirstValue("sub"));
    }
}
