using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Acme.Shop.Core;

/// <summary>The source of this application's own spans and metrics, which <c>docs/monitoring.md</c> lists.</summary>
public static class Telemetry
{
    public const string Name = "Acme.Shop";

    public static ActivitySource Spans { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);
}
