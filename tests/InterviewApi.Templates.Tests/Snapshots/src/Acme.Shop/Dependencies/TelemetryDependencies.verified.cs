using System.Reflection;
using Acme.Shop.Core;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Acme.Shop.Dependencies;

/// <summary>Logs, traces and metrics.</summary>
public static class TelemetryDependencies
{
    private const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ProtocolSetting = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string HeadersSetting = "OTEL_EXPORTER_OTLP_HEADERS";

    /// <summary>Logs to standard output, as JSON or, in Development, as text. Each line has the ids of its request and trace.</summary>
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.Configure(log =>
            log.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);

        if (builder.Environment.IsDevelopment())
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.IncludeScopes = true;
                console.TimestampFormat = "HH:mm:ss ";
            });
        }
        else
        {
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
    }

    /// <summary>Exports traces, metrics and logs if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, as <c>OTEL_*</c> variables say.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[EndpointSetting]))
        {
            return;
        }

        if (FindFault(builder.Configuration) is { } fault)
        {
            builder.Services.AddOptionsWithValidateOnStart<OtlpExporterOptions>().Validate(_ => false, fault);
            return;
        }

        var version = typeof(TelemetryDependencies).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(builder.Environment.ApplicationName, serviceVersion: version?.InformationalVersion)

                // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override the line above.
                .AddEnvironmentVariableDetector())
            .WithLogging(configureBuilder: null, logs =>
            {
                logs.IncludeScopes = true;
                logs.IncludeFormattedMessage = true;
            })
            .WithTracing(traces => traces
                .AddSource(Telemetry.Name, "System.Net.Http")
                .AddAspNetCoreInstrumentation(http =>
                {
                    http.Filter = context => !context.Request.Path.StartsWithSegments(HealthDependencies.PathPrefix);

                    // A query may hold a token or personal data.
                    http.EnrichWithHttpRequest = (span, _) => span.SetTag("url.query", null);
                    http.EnrichWithHttpResponse = (span, response) =>
                        span.SetTag("request.id", response.HttpContext.TraceIdentifier);
                }))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddMeter(Telemetry.Name, "System.Net.Http", "System.Runtime"))
            .UseOtlpExporter();
    }

    // The exporter would use its default instead of an invalid endpoint or protocol, and throw for invalid headers.
    private static string? FindFault(ConfigurationManager configuration)
    {
        if (!Uri.TryCreate(configuration[EndpointSetting], UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return $"{EndpointSetting}: This is not a URL, such as http://localhost:4317.";
        }

        if (configuration[ProtocolSetting] is not (null or "" or "grpc" or "http/protobuf"))
        {
            return $"{ProtocolSetting}: The protocol must be grpc or http/protobuf.";
        }

        var headers = (configuration[HeadersSetting] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        return headers.All(header => header.IndexOf('=') > 0) ? null : $"{HeadersSetting}: Write them as name=value,name=value.";
    }
}
