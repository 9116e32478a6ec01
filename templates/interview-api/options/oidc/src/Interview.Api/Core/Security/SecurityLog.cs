using System.Diagnostics.Metrics;

namespace InterviewApi.Core.Security;

/// <summary>What the security log records. The numbers never change.</summary>
public enum SecurityEvent
{
    AccessTokenRefused = 1010,
}

/// <summary>Logs and counts security events, without request text, which could forge a log line.</summary>
public sealed class SecurityLog(ILogger<SecurityLog> logger, IHttpContextAccessor http)
{
    private static readonly Counter<long> Failures = Telemetry.Meter.CreateCounter<long>(
        "auth.failures", "{failure}", "Refused tokens, by reason.");

    public void Write(SecurityEvent securityEvent)
    {
        Failures.Add(1, new KeyValuePair<string, object?>("auth.failure.reason", "access_token"));
        logger.Log(
            LogLevel.Information,
            new EventId((int)securityEvent, securityEvent.ToString()),
            "{Event} from {Address}.",
            securityEvent,
            http.HttpContext?.Connection.RemoteIpAddress);
    }
}
