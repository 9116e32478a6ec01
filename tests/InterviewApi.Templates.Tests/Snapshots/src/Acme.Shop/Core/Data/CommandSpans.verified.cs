using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Acme.Shop.Core.Data;

/// <summary>
/// Writes a span for each command, because the SQLite driver has none. It contains the command, without the values of
/// its parameters.
/// </summary>
internal static class CommandSpans
{
    public static bool IsEnabled(EventId id, LogLevel level) =>
        Telemetry.Spans.HasListeners() && (id == RelationalEventId.CommandExecuted || id == RelationalEventId.CommandError);

    public static void Write(EventData data)
    {
        var command = (CommandEndEventData)data;
        using var span = Telemetry.Spans.StartActivity(ActivityKind.Client, startTime: command.StartTime, name: "sqlite");
        span?.SetTag("db.system.name", "sqlite");
        span?.SetTag("db.query.text", command.Command.CommandText);
        span?.SetEndTime((command.StartTime + command.Duration).UtcDateTime);
        if (data is CommandErrorEventData)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }
}
